// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.FrameEncoder;
import dev.midge.protocol.NatsException;
import dev.midge.transport.Link;
import dev.midge.transport.OutboundBuffer;
import dev.midge.transport.WhileSuspended;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An orderly move from a server that is about to shut down to one that has taken the connection already. No frame is
 * lost: what the old server was given is written to the end, and what it has sent is received to the end, before the new
 * one is told of the subscriptions.
 *
 * <pre>
 * old server: what it was given, to the end
 *             UNSUB sid             of each subscription
 *             PING
 *             ... what it had sent, PONG
 * new server: SUB, then what waits meanwhile
 * </pre>
 *
 * What others publish in between reaches no subscription of this connection, as whenever a server is lost: to be subscribed
 * at both would make that come twice. All on the event loop.
 */
final class LameDuckMove {
    private final LinkSession from;
    private final Link to;
    private final Server server;
    private final int attempts;
    private final OutboundBuffer outbound;
    private final Subscriptions subscriptions;
    private final Pongs pongs;
    private final Consumer<LameDuckMove> done;

    private Pongs.@Nullable Unsent unsent;
    private @Nullable ScheduledFuture<?> timer;
    private boolean answered;
    private boolean over;

    /** @param done is called when the old server is not needed any more, unless the move is {@link #end ended} before */
    LameDuckMove(
            LinkSession from,
            Link to,
            Server server,
            int attempts,
            OutboundBuffer outbound,
            Subscriptions subscriptions,
            Pongs pongs,
            Consumer<LameDuckMove> done) {
        this.from = from;
        this.to = to;
        this.server = server;
        this.attempts = attempts;
        this.outbound = outbound;
        this.subscriptions = subscriptions;
        this.pongs = pongs;
        this.done = done;
    }

    /** @param options say how long it may take, and how much may be queued meanwhile */
    void start(Options options) {
        timer = to.eventLoop().schedule(this::finish, Checks.nanos(options.connectTimeout()), TimeUnit.NANOSECONDS);
        NatsException moving = new DisconnectedException("the connection is being moved to " + to.endpoint(), null);
        unsent = pongs.takeLast(outbound.suspend(WhileSuspended.KEEP, options.outboundLimit(), moving));
        outbound.release(this::leave);
    }

    private void leave() {
        if (over) {
            return;
        }
        CompletableFuture<Duration> left = new CompletableFuture<>();
        CompletableFuture<?> ignored = left.whenComplete((rtt, failure) -> {
            if (failure == null) {
                answered = true;
                finish();
            }
        });
        pongs.await(left);
        Channel channel = from.link().channel();
        FrameEncoder encoder = new FrameEncoder();
        ByteBuf out = channel.alloc().directBuffer();
        subscriptions.forEach(subscription -> encoder.unsub(out, subscription.sid(), 0));
        encoder.ping(out);
        var unused = channel.writeAndFlush(out);
    }

    private void finish() {
        if (!over) {
            end();
            done.accept(this);
        }
    }

    /** Takes no further step. */
    void end() {
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Whether the old server has told that it has all. */
    boolean isAnswered() {
        return answered;
    }

    Link to() {
        return to;
    }

    Server server() {
        return server;
    }

    /** How many it took to find the new server. */
    int attempts() {
        return attempts;
    }

    LinkSession from() {
        return from;
    }

    /** PINGs that the old server was not given. */
    Pongs.@Nullable Unsent unsent() {
        return unsent;
    }
}
