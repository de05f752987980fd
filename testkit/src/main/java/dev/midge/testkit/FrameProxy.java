// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sits between clients and a server, any of them, and does what networks do: delays, splits, loses, damages, stops and
 * cuts, at any byte or frame, as a test tells it. Counts and records the frames that it sees.
 *
 * <p>{@link #toServer} and {@link #toClient} are its two directions; each has settings and rules of its own:
 *
 * <pre>{@code
 * try (FrameProxy proxy = FrameProxy.to(server.port())) {
 *     proxy.toServer().at(Frame.PUB, 3).cut(Cut.RST);
 *     proxy.toClient().split(1);
 *     connectTo(proxy.url());
 * }
 * }</pre>
 *
 * <p>With no rule it passes bytes as soon as they come, whole frames or not. While a direction has rules for frames, a
 * control line passes once all of it has come. What begins like no frame is passed as bytes from there on, as for TLS
 * and WebSocket; a rule for a frame that could still come is an error then, see {@link #close}.
 *
 * <p>Uses blocking sockets and two threads for each connection, and shares nothing with the client under test. It
 * reads at most 64 KiB before it has passed them on, so its memory is bounded but for what is recorded, and each side
 * is held up by TCP when the other one is slow. Thread-safe.
 */
public final class FrameProxy implements AutoCloseable {
    private static final int BACKLOG = 128;

    private final ProxySettings settings;
    private final ServerSocket listener;
    private final Signal signal = new Signal();
    private final ProxyDirection toServer;
    private final ProxyDirection toClient;
    private final Set<ProxiedConnection> live = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private final Thread acceptor;
    private volatile boolean closed;

    private FrameProxy(ProxySettings settings) throws IOException {
        this.settings = settings;
        toServer = new ProxyDirection(true, settings, signal);
        toClient = new ProxyDirection(false, settings, signal);
        listener = new ServerSocket();
        try {
            if (settings.socketBuffer() > 0) {
                listener.setReceiveBufferSize(settings.socketBuffer()); // accepted sockets inherit it
            }
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        acceptor = new Thread(this::accept, "frame-proxy-" + port() + "-accept");
        acceptor.setDaemon(true);
    }

    /**
     * Starts a proxy to a server on this machine, with everything at its default.
     *
     * @throws UncheckedIOException if it cannot listen
     */
    public static FrameProxy to(int port) {
        return builder().target("127.0.0.1", port).start();
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where clients connect to, on loopback. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Where clients connect to: {@code nats://127.0.0.1:4222}. */
    public String url() {
        return "nats://127.0.0.1:" + port();
    }

    /** What clients send. */
    public ProxyDirection toServer() {
        return toServer;
    }

    /** What the server sends. */
    public ProxyDirection toClient() {
        return toClient;
    }

    /** How many connections clients have made. */
    public int connections() {
        return accepted.get();
    }

    /** How many of them have not ended; one ends for the proxy when both of its sides have. */
    public int liveConnections() {
        return live.size();
    }

    /** Blocks until clients have made so many connections, and returns whether they have within the time. */
    public boolean awaitConnections(int count, Duration time) throws InterruptedException {
        return signal.await(() -> connections() >= count, time);
    }

    /** Blocks until all connections have ended, and returns whether they have within the time. */
    public boolean awaitNoConnection(Duration time) throws InterruptedException {
        return signal.await(live::isEmpty, time);
    }

    /** Ends all connections that there are, at once. Clients can make others. */
    public void cut(Cut how) {
        Objects.requireNonNull(how, "how");
        live.forEach(connection -> connection.cut(how));
    }

    /**
     * Stops both directions of all connections, as {@link ProxyDirection#hold} does: nothing is read any more, nothing
     * written, nobody is told. New connections are accepted and come to nothing. {@link ProxyDirection#release} undoes
     * it, for each direction.
     */
    public void blackHole() {
        toServer.hold();
        toClient.hold();
    }

    /**
     * Resets the connections that are left and stops listening. Waits for the threads, so that nothing is left behind.
     *
     * @throws IllegalStateException if a rule could not be applied, because what came was not the plain NATS protocol
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = closeQuietly();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        String text = failure.get();
        if (text != null) {
            throw new IllegalStateException(text);
        }
    }

    /** @return whether the calling thread was interrupted meanwhile */
    private boolean closeQuietly() {
        try {
            listener.close();
        } catch (IOException e) {
            // it listens no more
        }
        boolean interrupted = join(acceptor::join);
        for (ProxiedConnection connection : List.copyOf(live)) {
            connection.reset();
            interrupted |= join(connection::join);
        }
        return interrupted;
    }

    private interface Joining {
        void join() throws InterruptedException;
    }

    /** What is joined ends by itself, so that an interrupt can wait. */
    private static boolean join(Joining joining) {
        boolean interrupted = false;
        while (true) {
            try {
                joining.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    private void accept() {
        while (!closed) {
            Socket client;
            try {
                client = listener.accept();
            } catch (IOException e) {
                continue; // closed; or the client has gone again
            }
            ProxiedConnection connection = new ProxiedConnection(this, accepted.get() + 1, client);
            live.add(connection);
            accepted.incrementAndGet(); // whoever finds it counted can cut it
            connection.start();
            signal.changed();
        }
    }

    ProxySettings settings() {
        return settings;
    }

    Signal signal() {
        return signal;
    }

    void ended(ProxiedConnection connection) {
        live.remove(connection);
        signal.changed();
    }

    void failed(String text) {
        failure.compareAndSet(null, text);
    }

    static long checkPositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ": must be at least 1");
        }
        return value;
    }

    static void checkNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + ": must not be negative");
        }
    }

    /** Collects what a proxy is started with; each method says its default. Not thread-safe. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port;
        private long seed;
        private long recordLimit = 16 << 20;
        private int maxControlLine = 1 << 20;
        private int socketBuffer;
        private boolean bytesOnly;

        private Builder() {}

        /**
         * The server; it need not listen yet. No default.
         *
         * @throws IllegalArgumentException if the port is not 1 to 65535
         */
        public Builder target(String serverHost, int serverPort) {
            if (serverPort < 1 || serverPort > 65_535) {
                throw new IllegalArgumentException("serverPort is " + serverPort + ": must be 1 to 65535");
            }
            host = Objects.requireNonNull(serverHost, "serverHost");
            port = serverPort;
            return this;
        }

        /** Decides what is left to chance, so that the same happens again with the same bytes; default 0. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * How many bytes a {@link Recording} holds; default 16 MiB.
         *
         * @throws IllegalArgumentException if negative
         */
        public Builder recordLimit(long bytes) {
            checkNotNegative("recordLimit", bytes);
            recordLimit = bytes;
            return this;
        }

        /**
         * A line that is longer counts as none of the protocol; so many bytes of it may wait for its end. Default 1 MiB.
         *
         * @throws IllegalArgumentException if not positive
         */
        public Builder maxControlLine(int bytes) {
            maxControlLine = (int) checkPositive("maxControlLine", bytes);
            return this;
        }

        /**
         * A hint for the size of the buffers of the proxy's sockets, both ways: a small one lets a side that sends feel
         * soon that the other one is slow. Default is what the system chooses, which may be megabytes.
         *
         * @throws IllegalArgumentException if not positive
         */
        public Builder socketBuffer(int bytes) {
            socketBuffer = (int) checkPositive("socketBuffer", bytes);
            return this;
        }

        /** Looks for no frames, whatever comes: for TLS before INFO, and WebSocket. Rules for frames are refused. */
        public Builder bytesOnly() {
            bytesOnly = true;
            return this;
        }

        /**
         * Starts it. It listens on a free port of the loopback interface.
         *
         * @throws IllegalStateException if there is no target
         * @throws UncheckedIOException if it cannot listen
         */
        public FrameProxy start() {
            if (port == 0) {
                throw new IllegalStateException("the proxy has no target: set target(host, port)");
            }
            ProxySettings settings = new ProxySettings(
                    host, port, seed, recordLimit, maxControlLine, socketBuffer, bytesOnly, new AtomicLong());
            try {
                FrameProxy proxy = new FrameProxy(settings);
                proxy.acceptor.start();
                return proxy;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen on loopback for a proxy to " + host + ":" + port, e);
            }
        }
    }
}
