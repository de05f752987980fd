// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server's process over all of its starts, its port, its directory and its log. Methods block; one thread at a time. */
final class ServerInstance {
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final Pattern PORT_TAKEN = Pattern.compile("address already in use");
    private static final int PORT_ATTEMPTS = 20;

    private final ServerLog log;
    private final ServerSpec spec;
    private final Path binary;
    private final boolean shared;
    private final Path directory;
    private final Path config;

    private int port;
    private int starts;
    private boolean closed;
    private volatile @Nullable ServerProcess process;

    ServerInstance(ServerSpec spec, Path binary, boolean shared) {
        this.spec = spec;
        this.binary = binary;
        this.shared = shared;
        try {
            directory = Files.createTempDirectory("midge-" + spec.program().name() + "-");
            config = Files.writeString(directory.resolve("server.conf"), spec.config());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the configuration of " + spec.program(), e);
        }
        log = new ServerLog("log of " + spec.program() + " in " + directory, shared);
        try {
            startOnFreePort();
        } catch (RuntimeException e) {
            cleanUp();
            throw e;
        }
    }

    int port() {
        return port;
    }

    Path directory() {
        return directory;
    }

    ServerLog log() {
        return log;
    }

    @Nullable
    String url(String service) {
        return ServerReadiness.url(portsDirectory(), service);
    }

    /** Blocks until a line of the log has a match, and returns it. */
    String awaitLog(String regex) {
        String line = log.await(Pattern.compile(regex), 0, System.nanoTime() + TIMEOUT.toNanos());
        if (line == null) {
            throw new AssertionError(this + " logged nothing like \"" + regex + "\" within " + TIMEOUT.toSeconds()
                    + " s, but:\n" + log.text());
        }
        return line;
    }

    /** Blocks until a line of the log from a position on has a match, and returns it; null if none came. */
    @Nullable
    String awaitLog(Pattern pattern, long position) {
        return log.await(pattern, position, System.nanoTime() + TIMEOUT.toNanos());
    }

    boolean isRunning() {
        ServerProcess current = process;
        return current != null && current.isAlive();
    }

    /** Ends it in good order (SIGTERM): clients see their connections closed. Does nothing when it does not run. */
    void stop() {
        refuseIfShared("stop");
        ServerProcess current = process;
        process = null;
        if (current != null) {
            current.stop();
        }
    }

    /** Ends it at once (SIGKILL), as a crash would. Does nothing when it does not run. */
    void kill() {
        refuseIfShared("kill");
        ServerProcess current = process;
        process = null;
        if (current != null) {
            current.kill();
        }
    }

    /** Starts it on its port again, after {@link #stop} where it still runs. What it has stored is kept. */
    void restart() {
        stop();
        if (closed) {
            throw new IllegalStateException(this + " is closed, and with it its directory is gone");
        }
        try {
            launch();
        } catch (ServerReadiness.NotReadyException e) {
            throw failed(e);
        }
    }

    /** Writes another configuration, for when it is read again. */
    void configure(String newConfig) {
        try {
            Files.writeString(config, newConfig);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the configuration of " + this, e);
        }
    }

    /** Sends a signal by its name. */
    void signal(String name) {
        refuseIfShared("signal");
        tell(server -> server.signal(name));
    }

    /** Has it stand still. */
    void freeze() {
        refuseIfShared("freeze");
        tell(ServerProcess::freeze);
    }

    private void tell(Order order) {
        try {
            order.give(running());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot signal " + this, e);
        }
    }

    @FunctionalInterface
    private interface Order {
        void give(ServerProcess server) throws IOException;
    }

    /** Ends it at once and deletes its directory; of a shared one, does nothing. */
    void close() {
        if (!shared) {
            kill();
            closed = true;
            cleanUp();
        }
    }

    /** Ends a shared server, when the JVM ends. */
    void closeShared() {
        ServerProcess current = process;
        if (current != null) {
            current.kill();
        }
        cleanUp();
    }

    ServerProcess running() {
        ServerProcess current = process;
        if (current == null || !current.isAlive()) {
            throw new IllegalStateException(this + " does not run; its log:\n" + log.text());
        }
        return current;
    }

    void refuseIfShared(String what) {
        if (shared) {
            throw new IllegalStateException("Cannot " + what + " " + this
                    + ": all tests of this JVM share it; start one of your own with NatsServer.builder()");
        }
    }

    /** Nothing reserves a port but listening on it, so the server itself has to try. */
    private void startOnFreePort() {
        for (int attempt = 1; ; attempt++) {
            port = Ports.next();
            long position = log.end();
            try {
                launch();
                return;
            } catch (ServerReadiness.NotReadyException e) {
                if (attempt == PORT_ATTEMPTS || log.await(PORT_TAKEN, position, System.nanoTime()) == null) {
                    throw failed(e);
                }
            }
        }
    }

    private void launch() throws ServerReadiness.NotReadyException {
        starts++;
        long position = log.end();
        ServerProcess starting;
        try {
            Files.createDirectories(portsDirectory());
            List<String> command = spec.command(binary, config, directory, portsDirectory(), port);
            starting = ServerProcess.start(command, directory, log);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + binary, e);
        }
        try {
            awaitReady(starting, position);
            process = starting;
        } finally {
            if (process != starting) {
                starting.kill();
            }
        }
    }

    private void awaitReady(ServerProcess starting, long position) throws ServerReadiness.NotReadyException {
        if (spec.listens()) {
            ServerReadiness.await(starting, portsDirectory(), port, spec.greets(), TIMEOUT);
        }
        Pattern ready = spec.ready();
        if (ready != null && awaitLog(ready, position) == null) {
            throw new ServerReadiness.NotReadyException("never logged \"" + ready + "\"");
        }
    }

    private IllegalStateException failed(ServerReadiness.NotReadyException e) {
        return new IllegalStateException(
                binary + " (" + this + ") " + e.getMessage() + "; configuration:\n" + spec.config() + "\nflags: "
                        + spec.flags() + "\nlog:\n" + log.text(),
                e);
    }

    /** One for each start, so that the file of an earlier one is not taken for this one's. */
    private Path portsDirectory() {
        return directory.resolve("ports-" + starts);
    }

    private void cleanUp() {
        log.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // Closed before, or a file that only the system's own cleaning gets rid of.
        }
    }

    /** As in {@code nats-server 2.15.2 on port 4222}. */
    @Override
    public String toString() {
        return spec.program() + " on port " + port;
    }
}
