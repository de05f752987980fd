// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect to one server: finds its addresses, has a {@link Dialer} open a TCP connection to one of them,
 * and leaves the rest to a {@link Handshake}; all under one deadline. Everything but the resolving runs on the event loop.
 */
final class ConnectAttempt implements Dialer.Listener {
    private final HostResolver resolver;
    private final Executor blocking;
    private final EventLoop loop;
    private final ConnectRequest request;
    private final Promise<Link> promise;

    private long deadline;
    private @Nullable Future<?> timer;
    private @Nullable Dialer dialer;
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
        Proxy proxy = request.proxy();
        String host = proxy == null ? request.endpoint().host() : proxy.host();
        if (proxy != null && !isAvailable(proxy)) {
            return;
        }
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            resolve(host, name -> List.of(InetAddress.getByName(name)), Runnable::run); // does not block
        } else {
            resolve(host, resolver, blocking);
        }
    }

    /** Fails the attempt if not. */
    private boolean isAvailable(Proxy proxy) {
        try {
            ProxyTunnel.checkAvailable(proxy);
            return true;
        } catch (LinkageError e) {
            String jar = "netty-handler-proxy (with netty-codec-http and netty-codec-socks)";
            fail(null, Phase.PROXY, Reason.NOT_SUPPORTED, OptionalJars.missing("it", jar, e), e);
            return false;
        }
    }

    private void resolve(String host, HostResolver way, Executor executor) {
        try {
            executor.execute(() -> {
                try {
                    List<InetAddress> addresses = List.copyOf(way.resolve(host));
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
            dial(addresses);
        }
    }

    private void dial(List<InetAddress> found) {
        if (promise.isDone()) {
            return;
        }
        long headStart = request.racingDelay().toNanos();
        List<InetAddress> addresses =
                request.shuffleAddresses() ? AddressOrder.shuffled(found, ThreadLocalRandom.current()) : found;
        Proxy proxy = request.proxy();
        int port = proxy == null ? request.endpoint().port() : proxy.port();
        Dialer started = new Dialer(
                loop,
                (headStart > 0 ? AddressOrder.interleaved(addresses) : addresses)
                        .stream()
                                .map(address -> new InetSocketAddress(address, port))
                                .toList(),
                headStart,
                deadline,
                this);
        dialer = started;
        started.dial();
    }

    @Override
    public ChannelHandler handler() {
        Proxy proxy = request.proxy();
        return proxy == null ? new NothingYet() : new ProxyTunnel(proxy, request.endpoint());
    }

    /** The pipeline is filled once there is a connection. */
    private static final class NothingYet extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel ch) {
            // see above
        }
    }

    @Override
    public void connected(Channel socket, InetSocketAddress address) {
        shakeHands(socket, address);
    }

    @Override
    public void notConnected(@Nullable InetSocketAddress address, Reason reason, String what, Throwable cause) {
        fail(address, Phase.TCP, reason, what, cause);
    }

    private void shakeHands(Channel socket, InetSocketAddress address) {
        stopTimer();
        Handshake started = new Handshake(socket, request, address, blocking, deadline, promise);
        handshake = started;
        socket.pipeline().addLast("handshake", started);
    }

    private void timedOut() {
        Dialer started = dialer;
        String failures = started == null ? "" : started.failures();
        String what = (started == null ? "the address of the host was not found" : "no TCP connection was opened")
                + " within the " + request.timeout().toMillis() + " ms of the attempt"
                + (failures.isEmpty() ? "" : "; " + failures);
        fail(null, started == null ? Phase.RESOLVE : Phase.TCP, Reason.TIMEOUT, what, null);
    }

    private void fail(
            @Nullable InetSocketAddress address, Phase phase, Reason reason, String what, @Nullable Throwable cause) {
        promise.tryFailure(new ConnectFailedException(
                request.endpoint(),
                request.proxy() == null ? address : null,
                phase,
                reason,
                request.described(what),
                cause));
    }

    /** The attempt failed or was cancelled: nothing of it may stay. */
    private void end() {
        stopTimer();
        Handshake talking = handshake;
        Dialer dialling = dialer;
        if (talking != null) {
            talking.end();
        } else if (dialling != null) {
            dialling.end();
        }
    }

    private void stopTimer() {
        Future<?> scheduled = timer;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
