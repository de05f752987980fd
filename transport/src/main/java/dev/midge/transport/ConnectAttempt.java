// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect to one server: finds its addresses, opens a TCP connection to the first that takes it, and
 * leaves the rest to a {@link Handshake}; all under one deadline. Everything but the resolving runs on the event loop.
 */
final class ConnectAttempt {
    /** Room for an INFO, and for a burst of some dozens of small messages. */
    private static final int INITIAL_RECEIVE_BUFFER = 4096;

    private static final int MIN_RECEIVE_BUFFER = 512;

    /** Four times Netty's default: a busy server fills it, and it takes fewer system calls for each message. */
    private static final int MAX_RECEIVE_BUFFER = 256 << 10;

    private final HostResolver resolver;
    private final Executor blocking;
    private final EventLoop loop;
    private final ConnectRequest request;
    private final Promise<Link> promise;
    /** What became of the addresses tried so far. */
    private final StringJoiner failures = new StringJoiner("; ");

    private long deadline;
    private @Nullable Future<?> timer;
    private @Nullable Channel channel;
    private @Nullable Handshake handshake;

    ConnectAttempt(HostResolver resolver, Executor blocking, EventLoop loop, ConnectRequest request) {
        this.resolver = resolver;
        this.blocking = blocking;
        this.loop = loop;
        this.request = request;
        this.promise = loop.newPromise();
        promise.addListener(ended -> {
            if (!ended.isSuccess()) {
                end();
            }
        });
    }

    /** Completes on the event loop; to cancel it ends the attempt. */
    Promise<Link> promise() {
        return promise;
    }

    /** On the event loop. */
    void start() {
        if (promise.isDone()) {
            return; // cancelled already
        }
        long timeout = request.timeout().toNanos();
        deadline = loop.ticker().nanoTime() + timeout;
        timer = loop.schedule(this::timedOut, timeout, TimeUnit.NANOSECONDS);
        Endpoint endpoint = request.endpoint();
        if (endpoint.scheme() != Endpoint.Scheme.NATS && endpoint.scheme() != Endpoint.Scheme.TLS) {
            fail(null, Phase.TCP, Reason.NOT_SUPPORTED, "scheme " + endpoint.scheme() + " is not supported yet", null);
        } else if (endpoint.isAddress()) {
            resolve(host -> List.of(InetAddress.getByName(host)), Runnable::run); // does not block
        } else {
            resolve(resolver, blocking);
        }
    }

    private void resolve(HostResolver way, Executor executor) {
        try {
            executor.execute(() -> {
                try {
                    List<InetAddress> addresses =
                            List.copyOf(way.resolve(request.endpoint().host()));
                    onLoop(() -> resolved(addresses));
                } catch (Throwable t) {
                    onLoop(() -> notResolved(t));
                }
            });
        } catch (RejectedExecutionException e) {
            notResolved(e);
        }
    }

    private void onLoop(Runnable step) {
        if (loop.inEventLoop()) {
            step.run();
        } else {
            try {
                loop.execute(step);
            } catch (RejectedExecutionException e) {
                // the event loop has ended, and every attempt on it
            }
        }
    }

    private void notResolved(Throwable cause) {
        Reason reason = cause instanceof UnknownHostException ? Reason.UNKNOWN_HOST : Reason.FAILED;
        fail(null, Phase.RESOLVE, reason, "the address of the host was not found: " + cause, cause);
    }

    private void resolved(List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            fail(null, Phase.RESOLVE, Reason.UNKNOWN_HOST, "the host has no address", null);
        } else {
            dial(addresses, 0);
        }
    }

    /** Gives each address its part of the time that is left, so that a silent one does not take all of it. */
    private void dial(List<InetAddress> addresses, int index) {
        if (promise.isDone()) {
            return;
        }
        int left = addresses.size() - index;
        long nanos = (deadline - loop.ticker().nanoTime()) / left;
        // The last one is bounded by the deadline itself.
        long millis = left == 1 ? 0 : Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos)));
        InetSocketAddress address =
                new InetSocketAddress(addresses.get(index), request.endpoint().port());
        Channel socket;
        try {
            socket = IoTransports.newSocket(loop);
        } catch (RuntimeException e) {
            fail(address, Phase.TCP, Reason.FAILED, e.toString(), e);
            return;
        }
        channel = socket;
        bootstrap(socket, (int) millis).connect(address).addListener(connected -> {
            if (promise.isDone()) {
                var unused = socket.close();
            } else if (connected.isSuccess()) {
                shakeHands(socket, address);
            } else {
                notConnected(addresses, index, address, connected.cause());
            }
        });
    }

    private Bootstrap bootstrap(Channel socket, int connectMillis) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(() -> socket)
                .disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
                // Frames are gathered before they are written: there is nothing for Nagle's algorithm to gather.
                .option(ChannelOption.TCP_NODELAY, true)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(
                                MIN_RECEIVE_BUFFER, INITIAL_RECEIVE_BUFFER, MAX_RECEIVE_BUFFER))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        // filled once connected
                    }
                });
    }

    private void notConnected(List<InetAddress> addresses, int index, InetSocketAddress address, Throwable cause) {
        failures.add(address.getAddress().getHostAddress() + ": " + cause.getMessage());
        if (index + 1 < addresses.size()) {
            dial(addresses, index + 1);
        } else {
            String what = addresses.size() == 1 ? String.valueOf(cause.getMessage()) : "all addresses: " + failures;
            fail(addresses.size() == 1 ? address : null, Phase.TCP, reason(cause), what, cause);
        }
    }

    /** The transports have exceptions of their own, but the texts of the system. */
    private static Reason reason(Throwable cause) {
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (cause instanceof ConnectTimeoutException || text.contains("timed out")) {
            return Reason.TIMEOUT;
        }
        if (cause instanceof NoRouteToHostException || text.contains("unreachable")) {
            return Reason.UNREACHABLE;
        }
        if (text.contains("reset")) {
            return Reason.PEER_CLOSED; // opened, and reset before we looked
        }
        return text.contains("refused") ? Reason.REFUSED : Reason.FAILED;
    }

    private void shakeHands(Channel socket, InetSocketAddress address) {
        stopTimer();
        Handshake started = new Handshake(socket, request, address, blocking, deadline, promise);
        handshake = started;
        socket.pipeline().addLast("handshake", started);
    }

    private void timedOut() {
        String what = (channel == null ? "the address of the host was not found" : "no TCP connection was opened")
                + " within the " + request.timeout().toMillis() + " ms of the attempt"
                + (failures.length() == 0 ? "" : "; " + failures);
        fail(null, channel == null ? Phase.RESOLVE : Phase.TCP, Reason.TIMEOUT, what, null);
    }

    private void fail(
            @Nullable InetSocketAddress address, Phase phase, Reason reason, String what, @Nullable Throwable cause) {
        promise.tryFailure(new ConnectFailedException(request.endpoint(), address, phase, reason, what, cause));
    }

    /** The attempt failed or was cancelled: nothing of it may stay. */
    private void end() {
        stopTimer();
        Handshake started = handshake;
        Channel socket = channel;
        if (started != null) {
            started.end();
        } else if (socket != null) {
            var unused = socket.close();
        }
    }

    private void stopTimer() {
        Future<?> scheduled = timer;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
