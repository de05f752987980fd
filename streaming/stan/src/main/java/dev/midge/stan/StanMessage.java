// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.stan.pb.MsgProto;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** A message that a subscription was delivered. Thread-safe, but for what is done with {@link #data()}. */
public final class StanMessage {
    private enum Acked {
        NO,
        NOW,
        YES
    }

    private final StanSubscription subscription;
    private final Feed feed;
    private final AtomicReference<Acked> acked = new AtomicReference<>(Acked.NO);
    private final long sequence;
    private final String subject;
    private final @Nullable String reply;
    private final byte[] data;
    private final long timestamp;
    private final boolean redelivered;
    private final int redeliveryCount;

    StanMessage(StanSubscription subscription, Feed feed, MsgProto message) {
        this.subscription = subscription;
        this.feed = feed;
        sequence = message.getSequence();
        subject = message.getSubject();
        reply = message.getReply().isEmpty() ? null : message.getReply();
        data = message.getData().toArray();
        timestamp = message.getTimestamp();
        redelivered = message.getRedelivered();
        redeliveryCount = message.getRedeliveryCount();
    }

    /** Whether the checksum is that of the data, if there is one. Servers 0.25 send none. */
    static boolean isIntact(MsgProto message) {
        if (message.getCRC32() == 0) {
            return true;
        }
        CRC32 crc = new CRC32();
        crc.update(message.getData().array(), 0, message.getData().length());
        return (int) crc.getValue() == message.getCRC32();
    }

    /** Its number in the channel, from 1 on. */
    public long sequence() {
        return sequence;
    }

    /** The channel. */
    public String subject() {
        return subject;
    }

    /** The reply-to that the publisher gave it, or null. */
    public @Nullable String replyTo() {
        return reply;
    }

    /** The payload: not a copy. */
    public byte[] data() {
        return data;
    }

    /** The length of the payload in bytes. */
    public int size() {
        return data.length;
    }

    /** The payload as UTF-8 text. */
    public String text() {
        return new String(data, UTF_8);
    }

    /** When the server stored it, by its clock. */
    public Instant timestamp() {
        long second = TimeUnit.SECONDS.toNanos(1);
        return Instant.ofEpochSecond(Math.floorDiv(timestamp, second), Math.floorMod(timestamp, second));
    }

    /** Whether it was delivered before, and not acknowledged in time. */
    public boolean isRedelivered() {
        return redelivered;
    }

    /** How many times it was delivered again, as far as the server remembers: not over its restart. */
    public int redeliveryCount() {
        return redeliveryCount;
    }

    /** The subscription that it was delivered to. */
    public StanSubscription subscription() {
        return subscription;
    }

    /**
     * Acknowledges it: it was handled, and is not delivered again. Returns when the ack is on its way; should that be lost, the
     * message is delivered again.
     *
     * @throws IllegalStateException if it was acknowledged already, or the subscription acknowledges by itself
     * @throws StanClosedException if the subscription has ended, or the session in which it was delivered: the server takes no
     *     ack any more, and a durable is delivered it again
     * @throws RuntimeException what {@link dev.midge.client.Connection#publish(String, byte[])} throws, behind which it may be
     *     tried again
     */
    public void ack() {
        if (!subscription.options().manualAcks()) {
            throw new IllegalStateException("cannot ack " + this
                    + ": its subscription acknowledges by itself (StanSubscribeOptions.manualAcks is not set)");
        }
        acknowledge();
    }

    /** Whether it has been acknowledged: the ack is on its way. */
    public boolean isAcknowledged() {
        return acked.get() == Acked.YES;
    }

    void acknowledge() {
        if (!acked.compareAndSet(Acked.NO, Acked.NOW)) {
            throw new IllegalStateException("cannot ack " + this + ": it has been acknowledged already");
        }
        try {
            subscription.ack(feed, this);
            acked.set(Acked.YES);
        } catch (RuntimeException e) {
            acked.set(Acked.NO);
            throw e;
        }
    }

    @Override
    public String toString() {
        return "message " + sequence + " of channel " + subject + ", " + data.length + " bytes"
                + (redelivered ? ", redelivered" : "");
    }
}
