// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamOptions;
import dev.midge.jetstream.OnDisconnect;
import dev.midge.jetstream.PublishAck;
import dev.midge.jetstream.PublishOptions;
import dev.midge.protocol.NatsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Stores numbered messages on a thread of its own; what is not confirmed it publishes again, with the same id. Those with an
 * even number publish one after the other; the others some at a time, and again on another server where one is lost.
 */
final class StreamChaosPublisher {
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int AT_A_TIME = 8;

    private final int index;
    private final Connection connection;
    private final JetStream js;
    private final int atATime;
    private final long everyNanos;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long confirmed;
    private volatile long lastSequence;
    private final AtomicLong attempts = new AtomicLong();

    StreamChaosPublisher(int index, int rate, Connection connection) {
        this.index = index;
        this.connection = connection;
        boolean together = index % 2 == 1;
        js = JetStream.of(
                connection,
                JetStreamOptions.builder()
                        .timeout(WAIT)
                        .onDisconnect(together ? OnDisconnect.RETRY : OnDisconnect.FAIL)
                        .build());
        atATime = together ? AT_A_TIME : 1;
        everyNanos = atATime * TimeUnit.SECONDS.toNanos(1) / rate;
        thread = new Thread(this::run, "chaos-publisher-" + index);
    }

    void start() {
        thread.start();
    }

    /** Returns when what it is at has been confirmed. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
    }

    private void run() {
        long last = 0;
        while (!stopped) {
            List<Long> open = new ArrayList<>();
            for (int i = 1; i <= atATime; i++) {
                open.add(last + i);
            }
            while (!open.isEmpty()) {
                open = atATime == 1 ? store(open.get(0)) : store(open);
                if (!open.isEmpty()) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            last += atATime;
            confirmed = last;
            LockSupport.parkNanos(everyNanos);
        }
    }

    /** What was not confirmed. */
    private List<Long> store(Long number) {
        try {
            acked(js.publish(message(number), options(number)));
            return List.of();
        } catch (NatsException e) {
            return List.of(number); // no server, no leader, or no answer
        }
    }

    private List<Long> store(List<Long> numbers) {
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (Long number : numbers) {
            acks.add(js.publishAsync(message(number), options(number)));
        }
        List<Long> left = new ArrayList<>();
        for (int i = 0; i < acks.size(); i++) {
            try {
                acked(acks.get(i).join());
            } catch (java.util.concurrent.CompletionException e) {
                left.add(numbers.get(i));
            }
        }
        return left;
    }

    private void acked(PublishAck ack) {
        lastSequence = Math.max(lastSequence, ack.sequence());
    }

    private Message message(long number) {
        attempts.incrementAndGet();
        return Message.to("chaos." + index).data(index + " " + number).build();
    }

    private PublishOptions options(long number) {
        return PublishOptions.builder().messageId(index + "-" + number).build();
    }

    int index() {
        return index;
    }

    /** The number of the last message that the stream has confirmed, as it has all before. */
    long confirmed() {
        return confirmed;
    }

    /** The highest number that the stream has given to a message of this one. */
    long lastSequence() {
        return lastSequence;
    }

    long attempts() {
        return attempts.get();
    }

    Connection connection() {
        return connection;
    }
}
