// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;

/** Hears all publishers: {@code chaos.*.<subscriber>}, and sees whether their numbers only grow. */
final class ChaosSubscriber {
    private static final int PUBLISHER_AT = "chaos.".length();

    private final int index;
    private final ChaosEvents events = new ChaosEvents();
    private final Connection connection;
    private final AtomicLongArray last;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong outOfOrder = new AtomicLong();

    ChaosSubscriber(int index, int publishers, Function<ChaosEvents, Connection> connect) {
        this.index = index;
        last = new AtomicLongArray(publishers);
        connection = connect.apply(events);
        connection.subscribe("chaos.*." + index, this::onMessage);
        connection.flush(Duration.ofSeconds(30));
    }

    private void onMessage(Message message) {
        String subject = message.subject();
        int publisher = Integer.parseInt(subject, PUBLISHER_AT, subject.indexOf('.', PUBLISHER_AT), 10);
        long number = ByteBuffer.wrap(message.data()).getLong();
        if (number <= last.getAndSet(publisher, number)) {
            outOfOrder.incrementAndGet();
        }
        received.incrementAndGet();
    }

    int index() {
        return index;
    }

    ChaosEvents events() {
        return events;
    }

    Connection connection() {
        return connection;
    }

    long last(int publisher) {
        return last.get(publisher);
    }

    long received() {
        return received.get();
    }

    /** How many messages had a number that was not above that of the one before, of the same publisher. */
    long outOfOrder() {
        return outOfOrder.get();
    }
}
