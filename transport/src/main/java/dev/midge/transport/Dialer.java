// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens a TCP connection to the first of some addresses that takes it: one after the other, or with a head start for
 * each over the next, as RFC 8305 has it. All on the event loop.
 */
final class Dialer {
    /** Room for an INFO, and for a burst of some dozens of small messages. */
    private static final int INITIAL_RECEIVE_BUFFER = 4096;

    private static final int MIN_RECEIVE_BUFFER = 512;

    /** Four times Netty's default: a busy server fills it, and it takes fewer system calls for each message. */
    private static final int MAX_RECEIVE_BUFFER = 256 << 10;

    /** Is told once how it ended, unless it was ended by {@link #end}. */
    interface Listener {
        /** Made for each socket, and put into its pipeline before it is told to connect. */
        ChannelHandler handler();

        /** The socket is the listener's from now on. */
        void connected(Channel socket, InetSocketAddress address);

        /**
         * No address took the connection.
         *
         * @param address which failed, null if there were several
         */
        void notConnected(@Nullable InetSocketAddress address, Reason reason, String what, Throwable cause);
    }

    private final EventLoop loop;
    private final List<InetSocketAddress> addresses;
    private final long headStart;
    private final long deadline;
    private final Listener listener;

    /** What became of the addresses tried so far. */
    private final StringJoiner failures = new StringJoiner("; ");

    private final List<Channel> opening = new ArrayList<>();
    private int next;
    private @Nullable Future<?> timer;
    private boolean over;

    /**
     * @param addresses in the order in which they are tried; not empty
     * @param headStart nanoseconds until the next one is tried although nothing is known of the one before; 0 to try the
     *     next one only when the one before failed, or had its part of the time
     * @param deadline as the event loop's ticker counts; the one who asks ends it then
     */
    Dialer(EventLoop loop, List<InetSocketAddress> addresses, long headStart, long deadline, Listener listener) {
        this.loop = loop;
        this.addresses = addresses;
        this.headStart = headStart;
        this.deadline = deadline;
        this.listener = listener;
    }

    /** Tries the next address, and so the first one. */
    void dial() {
        InetSocketAddress address = addresses.get(next++);
        Channel socket;
        try {
            socket = IoTransports.newSocket(loop);
        } catch (RuntimeException e) {
            end();
            listener.notConnected(address, Reason.FAILED, e.toString(), e);
            return;
        }
        opening.add(socket);
        if (headStart > 0 && next < addresses.size()) {
            timer = loop.schedule(this::dial, headStart, TimeUnit.NANOSECONDS);
        }
        bootstrap(socket, millis()).connect(address).addListener(done -> {
            opening.remove(socket);
            if (over) {
                var unused = socket.close();
            } else if (done.isSuccess()) {
                end();
                listener.connected(socket, address);
            } else {
                failed(address, done.cause());
            }
        });
    }

    /** Each address gets its part of the time that is left, so that a silent one does not take all of it. */
    private int millis() {
        int left = addresses.size() - next + 1;
        if (left == 1 || headStart > 0) {
            return 0; // bounded by the deadline itself
        }
        long millis = TimeUnit.NANOSECONDS.toMillis((deadline - loop.ticker().nanoTime()) / left);
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, millis));
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
                .handler(listener.handler());
    }

    private void failed(InetSocketAddress address, Throwable cause) {
        failures.add(address.getAddress().getHostAddress() + ": " + cause.getMessage());
        if (next < addresses.size()) {
            stopTimer();
            dial();
        } else if (opening.isEmpty()) {
            end();
            boolean single = addresses.size() == 1;
            String what = single ? String.valueOf(cause.getMessage()) : "all addresses: " + failures;
            listener.notConnected(single ? address : null, reason(cause), what, cause);
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

    /** What became of the addresses tried so far; empty if nothing yet. */
    String failures() {
        return failures.toString();
    }

    /** Closes all that is being opened. */
    void end() {
        over = true;
        stopTimer();
        for (Channel socket : List.copyOf(opening)) {
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
