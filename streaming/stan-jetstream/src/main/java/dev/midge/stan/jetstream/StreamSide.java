// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.jetstream;

import dev.midge.client.Message;
import dev.midge.client.PayloadTooLargeException;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamApiException;
import dev.midge.jetstream.MessageQuery;
import dev.midge.jetstream.PublishOptions;
import dev.midge.jetstream.StoredMessage;
import dev.midge.protocol.NatsException;
import dev.midge.stan.StanException;
import dev.midge.stan.StanMessage;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where a bridge leads to: stores messages, and knows how far it came. Blocks. */
final class StreamSide {
    /** server/errors.json: JSNoMessageFoundErr. */
    private static final int NOT_FOUND = 10037;

    private final JetStream target;
    private final BridgeOptions options;
    private final CountDownLatch closing = new CountDownLatch(1);

    StreamSide(JetStream target, BridgeOptions options) {
        this.target = Objects.requireNonNull(target, "target");
        this.options = Objects.requireNonNull(options, "options");
    }

    /** From any thread: nothing is tried any more. */
    void close() {
        closing.countDown();
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Waits for as long as the options say, or until it is closed. */
    void pause() {
        try {
            boolean unused = closing.await(options.retryWait().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    /** What the stream has last on the subject. */
    Position last() {
        StoredMessage stored;
        try {
            stored = target.stream(options.stream()).message(MessageQuery.last(options.subject()));
        } catch (JetStreamApiException e) {
            if (e.errCode() == NOT_FOUND) {
                return Position.NOTHING;
            }
            throw e;
        }
        String sequence = stored.headers().get(ChannelBridge.SEQUENCE);
        if (sequence == null || !options.channel().equals(stored.headers().get(ChannelBridge.CHANNEL))) {
            throw new StanException(
                    options.what() + ": the last message of subject " + options.subject() + ", " + stored.sequence()
                            + ", is not of this channel, so it cannot be told how far the copy came",
                    null);
        }
        String time = stored.headers().get(ChannelBridge.TIMESTAMP);
        return new Position(
                Long.parseLong(sequence), Instant.parse(Objects.requireNonNullElse(time, "1970-01-01T00:00:00Z")));
    }

    /** Publishes a message until it is stored; false if it is closed before. */
    boolean store(StanMessage message) {
        Message copy = Message.to(options.subject())
                .header(ChannelBridge.CHANNEL, options.channel())
                .header(ChannelBridge.SEQUENCE, String.valueOf(message.sequence()))
                .header(ChannelBridge.TIMESTAMP, message.timestamp().toString())
                .data(message.data())
                .build();
        PublishOptions once = PublishOptions.builder()
                .messageId(options.channel() + ':' + message.sequence())
                .expectedStream(options.stream())
                .build();
        while (!isClosing()) {
            try {
                target.publish(copy, once);
                return true;
            } catch (JetStreamApiException | PayloadTooLargeException e) {
                throw e; // it will say the same again
            } catch (NatsException e) {
                pause();
                if (isStored(message)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Servers recognise the id of a message that they have stored for two minutes only, unless told otherwise. */
    private boolean isStored(StanMessage message) {
        try {
            return last().covers(message);
        } catch (NatsException e) {
            return false; // publishing it again will tell
        }
    }
}
