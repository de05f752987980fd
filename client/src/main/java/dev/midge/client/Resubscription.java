// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells a new server of all subscriptions, before anything else is written to it.
 *
 * <pre>
 * SUB subject [queue] sid
 * UNSUB sid max            where the subscription has a max: what is left of it
 * </pre>
 */
final class Resubscription {
    /** What goes into one write. */
    private static final int PIECE = 64 << 10;

    private final Subscriptions subscriptions;
    private final Lifecycle lifecycle;

    Resubscription(Subscriptions subscriptions, Lifecycle lifecycle) {
        this.subscriptions = subscriptions;
        this.lifecycle = lifecycle;
    }

    /** On the event loop. What fails to be written ends the channel, and with it this attempt to go on. */
    void write(Channel channel) {
        List<NatsSubscription> satisfied = new ArrayList<>();
        FrameEncoder encoder = new FrameEncoder();
        ByteBuf[] out = {null};
        subscriptions.forEach(subscription -> {
            if (!subscription.isActive()) {
                return;
            }
            if (subscription.isSatisfied()) {
                satisfied.add(subscription);
                return;
            }
            if (out[0] == null) {
                out[0] = channel.alloc().directBuffer();
            }
            write(encoder, out[0], subscription);
            if (out[0].readableBytes() >= PIECE) {
                send(channel, out[0]);
                out[0] = null;
            }
        });
        if (out[0] != null) {
            send(channel, out[0]);
        }
        satisfied.forEach(subscription -> lifecycle.end(subscription, null));
    }

    private static void write(FrameEncoder encoder, ByteBuf out, NatsSubscription subscription) {
        encoder.sub(out, subscription.subject(), subscription.queue(), subscription.sid());
        long max = subscription.resubscribed();
        if (max > 0) {
            encoder.unsub(out, subscription.sid(), max);
        }
    }

    private static void send(Channel channel, ByteBuf out) {
        channel.writeAndFlush(out).addListener(sent -> {
            if (!sent.isSuccess()) {
                var unused = channel.close();
            }
        });
    }
}
