// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A running server that cannot outlive this JVM, however it ends. The server is started by a shell that leaves a
 * watchdog behind: a reader on a pipe whose other end only this JVM holds. The pipe ends with the JVM, be it by exit or
 * by {@code kill -9}, and then the watchdog kills the server and deletes its directory. The pipe also ends once the
 * server has ended, as the JDK closes it then; the watchdog finds no server to kill and leaves the directory alone. The
 * shell becomes the server ({@code exec}), so its process id and exit code are the server's.
 */
final class ServerProcess {
    private static final String WATCHED = """
            exec 3<&0
            { read -r _ <&3 || { kill -KILL $$ && rm -rf -- "$0"; }; } >/dev/null 2>&1 &
            exec "$@" </dev/null 3<&-""";

    private static final Duration END_TIMEOUT = Duration.ofSeconds(30);

    private final Process process;
    private final Future<?> logged;

    private ServerProcess(Process process, Future<?> logged) {
        this.process = process;
        this.logged = logged;
    }

    /** Starts a program in its directory, with its output going to the log. */
    static ServerProcess start(List<String> command, Path directory, ServerLog log) throws IOException {
        List<String> watched = new ArrayList<>(List.of("sh", "-c", WATCHED, directory.toString()));
        watched.addAll(command);
        Process process = new ProcessBuilder(watched)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        return new ServerProcess(process, log.follow(process.getInputStream()));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** What the server ended with; only once it has ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** Sends a signal by its name: {@code HUP}. */
    void signal(String name) throws IOException {
        Command.Result result =
                Command.run(List.of("kill", "-" + name, String.valueOf(process.pid())), Map.of(), END_TIMEOUT);
        if (result.exitCode() != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " failed with " + result.output());
        }
    }

    /** SIGSTOP; where there is {@code /proc}, blocks until all of its threads stand still, which is later than the signal. */
    void freeze() throws IOException {
        signal("STOP");
        long deadline = System.nanoTime() + END_TIMEOUT.toNanos();
        while (isMoving()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("process " + process.pid() + " did not stop within " + END_TIMEOUT);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private boolean isMoving() throws IOException {
        Path threads = Path.of("/proc", String.valueOf(process.pid()), "task");
        if (!Files.isDirectory(threads)) {
            return false;
        }
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                String stat = Files.readString(thread.resolve("stat")); // 12 (name) T ...
                if (Character.toUpperCase(stat.charAt(stat.lastIndexOf(')') + 2)) != 'T') {
                    return true;
                }
            }
        }
        return false;
    }

    /** SIGTERM, and SIGKILL where that takes too long. Blocks until it is gone. */
    void stop() {
        // Not process.destroy(): that closes the pipe, which tells the watchdog that the JVM has ended.
        process.toHandle().destroy();
        if (!awaitEnd()) {
            kill();
        }
        release();
    }

    /** SIGKILL. Blocks until it is gone. */
    void kill() {
        process.toHandle().destroyForcibly();
        awaitEnd();
        release();
    }

    private boolean awaitEnd() {
        boolean interrupted = false;
        long deadline = System.nanoTime() + END_TIMEOUT.toNanos();
        try {
            while (true) {
                try {
                    return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Sends the watchdog home, so that it does not kill whoever has the process id next, and waits for the log's end.
     */
    private void release() {
        try (OutputStream watchdog = process.getOutputStream()) {
            watchdog.write('\n');
        } catch (IOException e) {
            // The watchdog is gone already.
        }
        try {
            logged.get(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The log of process " + process.pid() + " did not end with it", e);
        }
    }
}
