// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A server that plays a script, byte for byte: what it expects, what it answers, and how the connection ends. It
 * listens on a free port of the loopback interface.
 *
 * <pre>{@code
 * try (ScriptedServer server = ScriptedServer.start(peer -> peer
 *         .send("INFO {\"max_payload\":1024}\r\n")
 *         .expectLine("CONNECT \\{.*}")
 *         .expect("PING\r\n")
 *         .sendInPieces(1, "PONG\r\n")
 *         .expectEnd())) {
 *     connectTo(server.port());
 * }
 * }</pre>
 *
 * A script runs on a daemon thread of its connection. Where the peer does something else, or nothing within the
 * timeout, the script fails, its connection is reset, and {@link #await()} and {@link #close()} fail the test with a dump of
 * what was expected and what came. After its last step a connection stays open and silent, and goes on recording what it receives,
 * until the peer or {@link #close()} closes it.
 */
public final class ScriptedServer implements AutoCloseable {
    /** How long each step waits for the peer, unless told otherwise. */
    public static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** How much longer all of it is waited for: a step that ends in time can tell more about what is missing. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** What happens on one connection; runs on the connection's thread and may block there. */
    @FunctionalInterface
    public interface Script {
        /**
         * Plays the script.
         *
         * @throws Exception or an {@link AssertionError} when the peer did not do its part; it fails the test
         */
        void play(ScriptedConnection peer) throws Exception;
    }

    private final ServerSocket socket;
    private final List<Script> scripts;
    private final boolean repeating;
    private final Duration timeout;
    private final Duration grace;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<ScriptedConnection> connections = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<AssertionError> failures = new ArrayList<>();
    private int completed;
    private boolean closed;
    private boolean reported;

    private ScriptedServer(Duration timeout, Duration grace, List<Script> scripts, boolean repeating) {
        this.timeout = timeout;
        this.grace = grace;
        this.scripts = scripts;
        this.repeating = repeating;
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on a free port of " + InetAddress.getLoopbackAddress(), e);
        }
        startThread("accept", this::accept);
    }

    /**
     * Starts a server that plays the first script on the first connection, the second on the second, and so on. One
     * connection more than there are scripts is a failure, so without a script it is one that nobody may connect to.
     */
    public static ScriptedServer start(Script... scripts) {
        return start(TIMEOUT, scripts);
    }

    /** As {@link #start(Script...)}, with another timeout than {@link #TIMEOUT}. */
    public static ScriptedServer start(Duration timeout, Script... scripts) {
        return start(timeout, GRACE, scripts);
    }

    /** Starts a server that plays the same script on every connection, of which there must be at least one. */
    public static ScriptedServer startRepeating(Script script) {
        return new ScriptedServer(TIMEOUT, GRACE, List.of(script), true);
    }

    static ScriptedServer start(Duration timeout, Duration grace, Script... scripts) {
        return new ScriptedServer(timeout, grace, List.of(scripts), false);
    }

    /** The port it listens on. */
    public int port() {
        return socket.getLocalPort();
    }

    /** The loopback address and the port. */
    public InetSocketAddress address() {
        return new InetSocketAddress(socket.getInetAddress(), port());
    }

    /** The address as NATS clients take it: {@code nats://127.0.0.1:4222}. */
    public String url() {
        return "nats://" + socket.getInetAddress().getHostAddress() + ":" + port();
    }

    /** How many connections were accepted so far. */
    public int connections() {
        lock.lock();
        try {
            return connections.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Everything received so far on a connection, whether a step read it or not. Does not block.
     *
     * @param number of the connection, 1 for the first
     * @throws IllegalArgumentException when there was no such connection yet
     */
    public byte[] received(int number) {
        lock.lock();
        try {
            if (number < 1 || number > connections.size()) {
                throw new IllegalArgumentException(
                        "number is " + number + ", but " + connections.size() + " connections were accepted so far");
            }
            return connections.get(number - 1).received();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Blocks until every script is complete, at most for the timeout and ten seconds.
     *
     * @throws AssertionError when a script failed (at once), did not complete in time, or its connection never came
     */
    public void await() {
        lock.lock();
        try {
            long left = patience().toNanos();
            while (failures.isEmpty() && !isComplete() && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (!failures.isEmpty() || !isComplete()) {
                reported = true;
                throw failure();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the scripts of " + this, e);
        } finally {
            lock.unlock();
        }
    }

    private Duration patience() {
        return timeout.plus(grace);
    }

    private boolean isComplete() {
        return completed == connections.size() && completed >= scripts.size();
    }

    private AssertionError failure() {
        if (failures.isEmpty()) {
            StringBuilder text = new StringBuilder(
                    this + ": not complete after " + patience().toMillis() + " ms");
            connections.stream()
                    .filter(connection -> !connection.isComplete())
                    .forEach(connection -> text.append("\n  ").append(connection));
            if (connections.size() < scripts.size()) {
                text.append("\n  connection ").append(connections.size() + 1).append(" never came");
            }
            return new AssertionError(text.toString());
        }
        AssertionError first = new AssertionError(failures.get(0).getMessage(), failures.get(0));
        failures.stream().skip(1).forEach(first::addSuppressed);
        return first;
    }

    /**
     * As {@link #await()}, and then closes all connections and ends all threads. A second call does nothing, and what
     * {@code await} has reported is not reported again.
     *
     * @throws AssertionError as {@link #await()}
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (!reported) {
                await();
            }
        } finally {
            lock.unlock();
            tearDown();
        }
    }

    private void tearDown() {
        List<Thread> toEnd;
        lock.lock();
        try {
            closeQuietly(socket);
            connections.forEach(ScriptedConnection::abandon);
            toEnd = List.copyOf(threads);
        } finally {
            lock.unlock();
        }
        // Only a script that blocks in code of its own needs it; closing the sockets has ended all others.
        toEnd.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            for (Thread thread : toEnd) {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        try {
            while (true) {
                open(socket.accept());
            }
        } catch (IOException e) {
            // close() has closed it.
        }
    }

    private void open(Socket accepted) throws IOException {
        lock.lock();
        try {
            int number = connections.size() + 1;
            if (!repeating && number > scripts.size()) {
                failures.add(new AssertionError(this + ": connection " + number + " came, but there are "
                        + scripts.size() + " scripts, one for each connection"));
                accepted.setSoLinger(true, 0);
                closeQuietly(accepted);
            } else {
                ScriptedConnection connection =
                        new ScriptedConnection(this + ", connection " + number, accepted, timeout);
                connections.add(connection);
                Script script = scripts.get(repeating ? 0 : number - 1);
                startThread(String.valueOf(number), () -> play(connection, script));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void play(ScriptedConnection connection, Script script) {
        try {
            script.play(connection);
            connection.complete();
            settle(null);
            connection.receiveUntilEnd();
        } catch (ScriptFailure failure) {
            connection.abandon();
            settle(failure);
        } catch (Throwable thrown) {
            connection.abandon();
            settle(new AssertionError(connection + ": the script threw " + thrown, thrown));
        }
    }

    private void settle(@Nullable AssertionError failure) {
        lock.lock();
        try {
            if (failure == null) {
                completed++;
            } else {
                failures.add(failure);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void startThread(String name, Runnable body) {
        Thread thread = new Thread(body, "scripted-server-" + port() + "-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }

    @Override
    public String toString() {
        return "scripted server " + socket.getInetAddress().getHostAddress() + ":" + port();
    }
}
