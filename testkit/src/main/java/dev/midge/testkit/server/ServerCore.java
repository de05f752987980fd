// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import dev.midge.testkit.server.ServerInfo.Occasion;
import dev.midge.transport.EventLoops;
import dev.midge.transport.TransportKind;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A server that runs, from the moment it listens until it is stopped: one event loop, on which all happens. The public
 * methods may be called by any thread but that one.
 */
public final class ServerCore {
    /** As much as the largest receive buffer. */
    private static final int WINDOW = 64 << 10;

    /** How long clients may take to get what was sent to them before the server stopped. */
    private static final long STOP_MILLIS = 100;

    private final ServerSettings settings;
    private final EventLoops.Lease lease;
    private final EventLoop loop;
    private final Channel listener;
    private final ChannelGroup channels;
    private final ServerInfo info;
    private final Router router;
    private final Authenticator authenticator;
    private final byte[] window = new byte[WINDOW];
    private final Set<ClientSession> clients = new LinkedHashSet<>();
    private long lastClientId;
    private boolean leaving;

    private volatile boolean over;
    private volatile int clientCount;
    private volatile int subscriptionCount;

    private ServerCore(ServerSettings settings, int port, List<String> connectUrls) throws IOException {
        this.settings = settings;
        router = new Router(settings.limits());
        authenticator = new Authenticator(settings);
        info = new ServerInfo(settings, port, connectUrls);
        lease = EventLoops.own(TransportKind.NIO, 1).acquire();
        loop = lease.next();
        channels = new DefaultChannelGroup(loop, true);
        ChannelFuture binding = new ServerBootstrap()
                .group(loop)
                .channelFactory(NioServerSocketChannel::new)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // Who has said all and then listens gets what is left for it.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        channel.pipeline().addLast(new ClientHandler(ServerCore.this, channel));
                    }
                })
                .bind(new InetSocketAddress(settings.host(), port))
                .awaitUninterruptibly();
        listener = binding.channel();
        if (!binding.isSuccess()) {
            lease.release();
            Throwable cause = binding.cause();
            throw cause instanceof IOException e ? e : new IOException(String.valueOf(cause), cause);
        }
    }

    /**
     * Starts to listen, and blocks until it does.
     *
     * @throws IOException if it cannot, as the port is in use or the host is not this machine's
     */
    public static ServerCore start(ServerSettings settings, int port, List<String> connectUrls) throws IOException {
        return new ServerCore(settings, port, connectUrls);
    }

    /** Closes all connections, and blocks until they are. */
    public void stop() {
        var unused = loop.submit(this::stopOnLoop).awaitUninterruptibly();
        listener.closeFuture().awaitUninterruptibly();
        // Nobody can come any more: the listener is closed, and with it went those who had not been accepted.
        var unusedToo = channels.newCloseFuture().awaitUninterruptibly();
        lease.release();
        // The JDK closes a socket for good when its selector is used next, or closed.
        var unusedThree = loop.terminationFuture().awaitUninterruptibly();
    }

    private void stopOnLoop() {
        leaving = true;
        var unusedClose = listener.close();
        router.flush();
        for (ClientSession client : List.copyOf(clients)) {
            client.close();
        }
        boolean idle = channels.stream()
                .allMatch(channel -> channel.unsafe().outboundBuffer() == null
                        || channel.unsafe().outboundBuffer().totalPendingWriteBytes() == 0);
        if (idle) {
            closeAll();
        } else {
            var unused = loop.schedule(this::closeAll, STOP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void closeAll() {
        var unused = channels.close();
    }

    /** Takes no more clients, tells those who are there, and closes them one by one. Returns when they are told. */
    public void lameDuck() {
        Promise<Void> told = loop.newPromise();
        loop.execute(() -> {
            if (!leaving) {
                lameDuckOnLoop();
            }
            // The JDK closes the listener for good when the selector is used next: that is before a timer runs.
            var unused = loop.schedule(() -> told.trySuccess(null), 1, TimeUnit.NANOSECONDS);
        });
        var unused = told.awaitUninterruptibly();
    }

    private void lameDuckOnLoop() {
        leaving = true;
        var unusedClose = listener.close();
        for (ClientSession client : clients) {
            client.announce(Occasion.LAME_DUCK);
        }
        router.flush();
        List<ClientSession> leftToClose = new ArrayList<>(clients);
        Collections.shuffle(leftToClose);
        long grace = settings.times().lameDuckGrace().toNanos();
        long rest = Math.max(0, settings.times().lameDuck().toNanos() - grace);
        // As nats-server: over the time there is, but no more than a second between two.
        long between = Math.min(TimeUnit.SECONDS.toNanos(1), rest / Math.max(1, leftToClose.size()));
        var unused = loop.schedule(
                () -> closeNext(leftToClose, between), leftToClose.isEmpty() ? 0 : grace, TimeUnit.NANOSECONDS);
    }

    private void closeNext(List<ClientSession> leftToClose, long between) {
        if (leftToClose.isEmpty()) {
            over = true;
            return;
        }
        leftToClose.remove(leftToClose.size() - 1).close();
        long pause = leftToClose.isEmpty() || between < 2
                ? 0
                : between / 2 + ThreadLocalRandom.current().nextLong(between / 2);
        var unused = loop.schedule(() -> closeNext(leftToClose, between), pause, TimeUnit.NANOSECONDS);
    }

    /** Tells clients about other servers. Returns when they are told. */
    public void connectUrls(List<String> urls) {
        var unused = loop.submit(() -> {
                    info.connectUrls(urls);
                    for (ClientSession client : clients) {
                        client.announce(Occasion.CHANGE);
                    }
                    router.flush();
                })
                .awaitUninterruptibly();
    }

    /** Whether the lame duck mode has come to its end: nobody is connected, and nobody can be. */
    public boolean isOver() {
        return over;
    }

    /** How many clients are connected. */
    public int clients() {
        return clientCount;
    }

    /** How many subscriptions they have. */
    public int subscriptions() {
        return subscriptionCount;
    }

    ServerSettings settings() {
        return settings;
    }

    ServerInfo info() {
        return info;
    }

    Router router() {
        return router;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    /** For the bytes that are being decoded, of whichever client. */
    byte[] window() {
        return window;
    }

    long nextClientId() {
        return ++lastClientId;
    }

    /** Whether there is room for a client. */
    boolean admit(ClientSession client) {
        if (leaving || clients.size() >= settings.limits().maxConnections()) {
            return false;
        }
        clients.add(client);
        clientCount = clients.size();
        return true;
    }

    void gone(ClientSession client) {
        clients.remove(client);
        clientCount = clients.size();
    }

    void counted() {
        subscriptionCount = router.subscriptions();
    }
}
