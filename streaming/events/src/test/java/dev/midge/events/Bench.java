// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.jetstream.JetStreamMessage;
import dev.midge.protocol.Headers;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What jobs need, played: a connection that notes what is published, and time that is turned. */
final class Bench implements Timing {
    final List<String> published = new CopyOnWriteArrayList<>();
    final Connection connection = (Connection) Proxy.newProxyInstance(
            Bench.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("publish") && arguments.length == 1) {
                    Message message = (Message) arguments[0];
                    published.add(message.subject() + " " + message.text() + " "
                            + message.headers().names());
                } else if (method.getName().equals("publish")) {
                    String subject = (String) arguments[0];
                    published.add(subject.substring(subject.length() - 1) + " "
                            + new String((byte[]) arguments[1], StandardCharsets.UTF_8));
                } else {
                    throw new UnsupportedOperationException(method.toString());
                }
                return null;
            });
    private long nanos;
    private Runnable ticks = () -> {};

    /** How often it was asked to tick, and whether it does. */
    Duration period = Duration.ZERO;

    boolean ticking;

    /** A message that is delivered for the n-th time; what is said of it is published to the subject that ends in its number. */
    JetStreamMessage message(int number, int deliveries, String text, String... headers) {
        Headers.Builder all = Headers.builder();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return JetStreamMessage.of(
                connection,
                Message.to("e")
                        .replyTo("$JS.ACK.e.a." + deliveries + ".1.1.1700000000000000000." + number)
                        .headers(all.build())
                        .data(text)
                        .build());
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.ofEpochSecond(1000, nanos());
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public Runnable every(Duration time, Runnable task) {
        period = time;
        ticks = task;
        ticking = true;
        return () -> ticking = false;
    }

    /** Turns the time, ticking on its way. */
    void pass(Duration time) {
        long end;
        synchronized (this) {
            end = nanos + time.toNanos();
        }
        while (true) {
            synchronized (this) {
                if (nanos >= end) {
                    return;
                }
                nanos = Math.min(end, nanos + period.toNanos());
            }
            if (ticking) {
                ticks.run();
            }
        }
    }
}
