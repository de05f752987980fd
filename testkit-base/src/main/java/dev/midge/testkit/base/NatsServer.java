// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A real nats-server on a free port of the loopback interface, with a directory of its own. It is gone when it is closed, and also when the JVM ends, even
 * by {@code kill -9}.
 *
 * <pre>{@code
 * try (NatsServer server = NatsServer.builder().version(NatsServerVersion.V2_9_10).config("max_payload: 1024").start()) {
 *     connectTo(server.url());
 *     server.restart();
 * }
 * }</pre>
 *
 * The binary is looked for in this order: the environment variable {@code MIDGE_NATS_SERVER} (one path or several), the cache folder
 * ({@code ~/.cache/midge}, or the environment variable {@code MIDGE_CACHE}), the path and the system's folders, each time only if it
 * is of the right version, and at last {@code go install} builds it into the cache folder. Where there is none, the
 * test fails if the environment says {@code CI=true}; else it is skipped, and a line at the end of the run counts the skipped tests.
 *
 * <p>Needs a POSIX shell. All methods but the plain getters block until what they do is done, and throw {@link IllegalStateException} with the server's log
 * when it cannot be done. Any thread may call them, one at a time.
 */
public final class NatsServer implements AutoCloseable {
    private static final Pattern RELOADED = Pattern.compile("Reloaded server configuration|Failed to reload");
    private static final Pattern LAME_DUCK = Pattern.compile("Entering lame duck mode");

    private final NatsServerVersion version;
    private final ServerInstance instance;

    NatsServer(NatsServerSpec spec, Path binary, boolean shared) {
        version = spec.version();
        instance = new ServerInstance(spec, binary, shared);
    }

    /** For a server with settings of its own. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a server of the newest version with nothing configured. */
    public static NatsServer start() {
        return builder().start();
    }

    /**
     * The server of a version that all tests of this JVM share, with nothing configured; started by the first call.
     * It runs until the JVM ends: {@link #close} does nothing, and whatever else would disturb others is refused with
     * an {@link IllegalStateException}.
     */
    public static NatsServer shared(NatsServerVersion version) {
        return SharedServers.get(version);
    }

    /**
     * Whether this machine has a binary of a version, so that none has to be built: for programs that can do with
     * another server. Blocks while it asks binaries for their version.
     */
    public static boolean isInstalled(NatsServerVersion version) {
        return new NatsServerBinary(System.getenv()).isPresent(version.program());
    }

    /** Its version. */
    public NatsServerVersion version() {
        return version;
    }

    /** The port for clients; stays the same over restarts. */
    public int port() {
        return instance.port();
    }

    /** The address for clients: {@code nats://127.0.0.1:4222}. */
    public String url() {
        return "nats://127.0.0.1:" + port();
    }

    /**
     * The address at which another service of the running server listens, of those the server writes into its ports
     * file: {@code monitoring}, {@code cluster}, {@code profile}, {@code websocket}.
     *
     * @throws IllegalStateException when it has no such service
     */
    public String url(String service) {
        String url = instance.url(service);
        if (url == null) {
            throw new IllegalStateException(this + " has no service \"" + service + "\"\n" + log());
        }
        return url;
    }

    /** Where its configuration and its data are; deleted when it is closed. */
    public Path directory() {
        return instance.directory();
    }

    /** The newest lines of its log, at most 2,000, over all of its starts. */
    public String log() {
        return instance.log().text();
    }

    /**
     * Blocks until a line of the log has a match, at most 30 s.
     *
     * @param regex to be found within a line; lines that are there already count
     * @return the line
     * @throws AssertionError when none came in time
     */
    public String awaitLog(String regex) {
        return instance.awaitLog(regex);
    }

    /** Whether its process is alive. */
    public boolean isRunning() {
        return instance.isRunning();
    }

    /** The id of its process. */
    public long pid() {
        return instance.running().pid();
    }

    /** Ends it in good order (SIGTERM): clients see their connections closed. Does nothing when it does not run. */
    public void stop() {
        instance.stop();
    }

    /** Ends it at once (SIGKILL), as a crash would. Does nothing when it does not run. */
    public void kill() {
        instance.kill();
    }

    /** Starts it on its port again, after {@link #stop} where it still runs. What it has stored is kept. */
    public void restart() {
        instance.restart();
    }

    /** Makes it read its configuration again (SIGHUP), and blocks until it says in its log that it has. */
    public void reload() {
        instance.refuseIfShared("reload");
        long position = instance.log().end();
        signal("HUP");
        String line = instance.awaitLog(RELOADED, position);
        if (line == null || line.contains("Failed")) {
            throw new IllegalStateException(this + " did not reload its configuration; its log:\n" + log());
        }
    }

    /** Writes another configuration and reloads it; it is also what further restarts use. */
    public void reload(String newConfig) {
        instance.refuseIfShared("reload");
        instance.configure(newConfig);
        reload();
    }

    /** Sends a signal by its name, such as {@code USR1} to open its log again, and does not wait for what it does. */
    public void signal(String name) {
        instance.signal(name);
    }

    /**
     * Puts it into lame duck mode (SIGUSR2), and blocks until it says in its log that it is. From then on it takes no new
     * connections; it tells its clients, waits for its grace period, closes them one after the other, and ends. Without
     * clients it ends at once. {@link #restart} has it back.
     */
    public void lameDuck() {
        long position = instance.log().end();
        signal("USR2");
        if (instance.awaitLog(LAME_DUCK, position) == null) {
            throw new IllegalStateException(this + " did not enter lame duck mode; its log:\n" + log());
        }
    }

    /** Ends it at once and deletes its directory. A second call does nothing. */
    @Override
    public void close() {
        instance.close();
    }

    /** Ends a shared server, when the JVM ends. */
    void closeShared() {
        instance.closeShared();
    }

    /** As in {@code nats-server 2.15.2 on port 4222}. */
    @Override
    public String toString() {
        return instance.toString();
    }

    /** What a server is started with. */
    public static final class Builder {
        /** The shortest one that is not refused: opts.go, {@code lame_duck_duration}. */
        private static final Duration LAME_DUCK_DURATION = Duration.ofSeconds(30);

        private NatsServerVersion version = NatsServerVersion.newest();
        private @Nullable Path binary;
        private String config = "";
        private List<String> flags = List.of();
        private boolean jetStream;
        private boolean monitoring;
        private boolean handshakeFirst;
        private @Nullable Duration lameDuckGrace;

        Builder() {}

        /** The version; the newest one unless told otherwise. */
        public Builder version(NatsServerVersion value) {
            version = Objects.requireNonNull(value, "version");
            return this;
        }

        /**
         * The program itself, of whatever version it is, instead of one of {@link #version} that is looked for; texts name
         * that version nevertheless.
         */
        public Builder binary(Path program) {
            binary = Objects.requireNonNull(program, "program");
            return this;
        }

        /**
         * The text of its configuration file. Address and port for clients are set by flags, and what the text says
         * about them does not count.
         */
        public Builder config(String text) {
            config = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Further flags of the command line, such as {@code -DV}. */
        public Builder flags(String... values) {
            flags = List.of(values);
            return this;
        }

        /** With JetStream, which stores in {@link NatsServer#directory()}. */
        public Builder jetStream() {
            jetStream = true;
            return this;
        }

        /** With the monitoring service, at {@code url("monitoring")}. */
        public Builder monitoring() {
            monitoring = true;
            return this;
        }

        /**
         * How long its clients are left alone once it is in lame duck mode, instead of 10 s. Then they are closed one
         * after the other, at most a second apart, and all of them within 30 s, which is the least that servers allow.
         *
         * @param value from 1 ms to less than 30 s
         * @throws IllegalArgumentException outside of it
         */
        public Builder lameDuckGrace(Duration value) {
            if (value.toMillis() < 1 || value.compareTo(LAME_DUCK_DURATION) >= 0) {
                throw new IllegalArgumentException(
                        "lameDuckGrace is " + value + ", must be from PT0.001S to less than " + LAME_DUCK_DURATION);
            }
            lameDuckGrace = value;
            return this;
        }

        /**
         * For a configuration that has the server say nothing before the TLS handshake: it counts as started once it
         * accepts connections.
         */
        public Builder handshakeFirst() {
            handshakeFirst = true;
            return this;
        }

        /**
         * Starts it, and blocks until it answers: some ten milliseconds, but minutes where the binary has to be built
         * first.
         *
         * @throws IllegalStateException with its log, when it ends instead, or does not answer within 30 s
         * @throws org.opentest4j.TestAbortedException when there is no binary, which skips the test
         * @throws AssertionError when there is no binary under {@code CI=true}
         */
        public NatsServer start() {
            Path found = binary == null ? ServerBinaries.find(version.program()) : binary;
            return new NatsServer(
                    new NatsServerSpec(version, wholeConfig(), flags, jetStream, monitoring, handshakeFirst),
                    found,
                    false);
        }

        private String wholeConfig() {
            return lameDuckGrace == null
                    ? config
                    : config + "\nlame_duck_duration: " + LAME_DUCK_DURATION.toSeconds() + "s\nlame_duck_grace_period: "
                            + lameDuckGrace.toMillis() + "ms\n";
        }
    }
}
