// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.jetstream.ConsumeEvent;
import dev.midge.jetstream.ConsumeOptions;
import dev.midge.jetstream.Consumption;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamMessage;
import dev.midge.jetstream.OrderedOptions;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Consumes all there is, and knows what it had: of a durable consumer, or in order. */
final class StreamChaosConsumer {
    private final String name;
    private final String durable;
    private final boolean ordered;
    private final Connection connection;
    private final Consumption run;
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger restarts = new AtomicInteger();

    // Guarded by itself: of the handler, and of the report.
    private final BitSet[] had;
    private long duplicates;
    private long lastSequence;
    private long outOfOrder;

    private volatile long newestSequence;

    /** @param durable the consumer that is there; empty for an ordered one */
    StreamChaosConsumer(
            String name, String stream, String durable, int publishers, Duration heartbeat, Connection connection) {
        this.name = name;
        this.durable = durable;
        this.connection = connection;
        ordered = durable.isEmpty();
        had = new BitSet[publishers];
        for (int i = 0; i < publishers; i++) {
            had[i] = new BitSet();
        }
        JetStream js = JetStream.of(connection);
        run = ordered
                ? js.stream(stream)
                        .ordered(OrderedOptions.builder()
                                .idleHeartbeat(heartbeat)
                                .listener(this::onEvent)
                                .build())
                        .consume(this::onMessage)
                : js.stream(stream)
                        .consumer(durable)
                        .consume(
                                ConsumeOptions.builder()
                                        .idleHeartbeat(heartbeat)
                                        .listener(this::onEvent)
                                        .build(),
                                this::onMessage);
    }

    private void onEvent(ConsumeEvent event) {
        if (event instanceof ConsumeEvent.Restarted) {
            restarts.incrementAndGet();
        }
    }

    private void onMessage(JetStreamMessage message) {
        String text = message.text();
        int space = text.indexOf(' ');
        int publisher = Integer.parseInt(text, 0, space, 10);
        int number = Integer.parseInt(text, space + 1, text.length(), 10);
        long sequence = message.metadata().streamSequence();
        synchronized (had) {
            if (had[publisher].get(number)) {
                duplicates++;
            }
            had[publisher].set(number);
            if (ordered && sequence != lastSequence + 1) {
                outOfOrder++;
            }
            lastSequence = Math.max(lastSequence, sequence);
            newestSequence = lastSequence;
        }
        message.ack();
        received.incrementAndGet();
    }

    /** Adds what it had of a publisher to what others had. */
    void addTo(int publisher, BitSet all) {
        synchronized (had) {
            all.or(had[publisher]);
        }
    }

    /** Whether both take from one consumer. */
    boolean sharesWith(StreamChaosConsumer other) {
        return !ordered && durable.equals(other.durable);
    }

    String name() {
        return name;
    }

    boolean isOrdered() {
        return ordered;
    }

    Consumption run() {
        return run;
    }

    Connection connection() {
        return connection;
    }

    long received() {
        return received.get();
    }

    int restarts() {
        return restarts.get();
    }

    long duplicates() {
        synchronized (had) {
            return duplicates;
        }
    }

    /** Of an ordered one: how many messages did not come right behind the one before. */
    long outOfOrder() {
        synchronized (had) {
            return outOfOrder;
        }
    }

    /** The highest sequence number it had; takes no lock. */
    long newestSequence() {
        return newestSequence;
    }

    long lastSequence() {
        synchronized (had) {
            return lastSequence;
        }
    }
}
