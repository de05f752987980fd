// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import dev.midge.testkit.base.Ports;
import dev.midge.testkit.server.ServerCore;
import dev.midge.testkit.server.ServerSettings;
import dev.midge.transport.EventLoops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A NATS server inside this JVM, for tests: nothing to install, there in milliseconds, on a free port of the loopback
 * interface.
 *
 * <pre>{@code
 * try (EmbeddedServer server = EmbeddedServer.start();
 *         Connection nc = Nats.connect(server.url())) {
 *     nc.subscribe("greet.*", msg -> msg.respond("hello " + msg.text()));
 * }
 * }</pre>
 *
 * It is a core server: messages, wildcards, queue groups, headers, no-responders, permissions, TLS, lame duck mode, and
 * every limit and error, each as nats-server 2.15.2 has it. It has no JetStream, accounts, clusters, leaf nodes,
 * WebSocket, MQTT or monitoring, and is no production server: see {@code docs/embedded-server.md}.
 *
 * <p>Each server has one daemon thread while it runs. Methods that say so block until what they do is done, and must not
 * be called on an event loop; any thread may call any of them.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final int PORT_ATTEMPTS = 20;

    private final ServerSettings settings;
    private final int port;
    private final ReentrantLock lock = new ReentrantLock();
    private List<String> connectUrls;
    private boolean closed;
    private volatile @Nullable ServerCore core;

    EmbeddedServer(ServerSettings settings, int wantedPort, List<String> connectUrls) {
        this.settings = settings;
        this.connectUrls = connectUrls;
        if (wantedPort == 0) {
            port = startOnFreePort();
        } else {
            port = wantedPort;
            launch();
        }
    }

    /** For a server with settings of its own. */
    public static EmbeddedServerBuilder builder() {
        return new EmbeddedServerBuilder();
    }

    /**
     * Starts a server with nothing configured, and blocks until it listens: some milliseconds.
     *
     * @throws UncheckedIOException if it cannot listen
     */
    public static EmbeddedServer start() {
        return builder().start();
    }

    /** The port for clients; stays the same over restarts. */
    public int port() {
        return port;
    }

    /** The address for clients: {@code nats://127.0.0.1:4222}. */
    public String url() {
        String host = settings.host();
        return "nats://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Whether clients can connect, or were told in lame duck mode to go and are still there. */
    public boolean isRunning() {
        ServerCore current = core;
        return current != null && !current.isOver();
    }

    /** How many clients are connected, 0 when it does not run. What just happened may not be counted yet. */
    public int connections() {
        ServerCore current = core;
        return current == null ? 0 : current.clients();
    }

    /** How many subscriptions all clients have, likewise. */
    public int subscriptions() {
        ServerCore current = core;
        return current == null ? 0 : current.subscriptions();
    }

    /**
     * Stops it as nats-server is stopped in good order: what was sent to clients is handed to their sockets, then all
     * connections are closed, and nobody listens any more. Blocks until that is so. Does nothing when it does not run.
     *
     * @throws IllegalStateException on an event loop
     */
    public void stop() {
        mustBlock("stop");
        lock.lock();
        try {
            ServerCore current = core;
            core = null;
            if (current != null) {
                current.stop();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts it on its port again, after {@link #stop} where it still runs. It knows nothing of what was before. Blocks
     * until it listens.
     *
     * @throws UncheckedIOException if it cannot listen, as when somebody else took the port meanwhile
     * @throws IllegalStateException if it is closed, or on an event loop
     */
    public void restart() {
        lock.lock();
        try {
            stop();
            if (closed) {
                throw new IllegalStateException(this + " is closed");
            }
            launch();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins the lame duck mode, as the signal USR2 does for nats-server: nobody can connect any more, clients are told
     * by an INFO with {@code ldm}, and are closed one after the other when the {@linkplain
     * EmbeddedServerBuilder#lameDuck time of grace} is over. Blocks until they are told.
     *
     * @throws IllegalStateException if it does not run, or on an event loop
     */
    public void lameDuck() {
        mustBlock("lameDuck");
        lock.lock();
        try {
            running().lameDuck();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes the other servers that clients are told about, in {@code connect_urls} of the INFO that each gets now, and
     * that clients to come get. Blocks until they are told.
     *
     * @param urls host and port each, without scheme: {@code 10.0.0.2:4222}
     * @throws IllegalStateException if it does not run, or on an event loop
     */
    public void connectUrls(List<String> urls) {
        mustBlock("connectUrls");
        lock.lock();
        try {
            List<String> copy = List.copyOf(urls);
            running().connectUrls(copy);
            connectUrls = copy;
        } finally {
            lock.unlock();
        }
    }

    /** {@linkplain #stop Stops} it for good. A second call does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            stop();
        } finally {
            lock.unlock();
        }
    }

    private ServerCore running() {
        ServerCore current = core;
        if (current == null) {
            throw new IllegalStateException(this + " does not run");
        }
        return current;
    }

    /** Nothing reserves a port but listening on it. */
    private int startOnFreePort() {
        for (int attempt = 1; ; attempt++) {
            int candidate = Ports.next();
            try {
                core = ServerCore.start(settings, candidate, connectUrls);
                return candidate;
            } catch (BindException e) {
                if (attempt == PORT_ATTEMPTS) {
                    throw cannotListen(candidate, e);
                }
            } catch (IOException e) {
                throw cannotListen(candidate, e);
            }
        }
    }

    private void launch() {
        try {
            core = ServerCore.start(settings, port, connectUrls);
        } catch (IOException e) {
            throw cannotListen(port, e);
        }
    }

    private UncheckedIOException cannotListen(int at, IOException cause) {
        return new UncheckedIOException(
                "EmbeddedServer cannot listen on " + settings.host() + ":" + at + ": " + cause.getMessage(), cause);
    }

    static void mustBlock(String what) {
        if (EventLoops.isEventLoopThread()) {
            throw new IllegalStateException(what + " waits, which an event loop must not: call it on another thread");
        }
    }

    /** As in {@code EmbeddedServer on 127.0.0.1:4222}. */
    @Override
    public String toString() {
        return "EmbeddedServer on " + settings.host() + ":" + port;
    }
}
