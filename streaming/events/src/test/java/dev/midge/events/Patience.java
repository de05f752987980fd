// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.OptionsBuilder;
import dev.midge.jetstream.JetStreamOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for as long as a machine may stand still. */
final class Patience {
    static final Duration LONG = Duration.ofSeconds(30);
    private static final long POLL_NANOS = 1_000_000;

    private Patience() {}

    static Connection connect(String url) {
        return Nats.connect(options(url).build());
    }

    static OptionsBuilder options(String url) {
        return Options.builder()
                .servers(url)
                .connectTimeout(LONG)
                .writeTimeout(LONG)
                .closeTimeout(LONG);
    }

    static EventConnection connect(Events events, Connection connection) {
        return events.connect(
                connection, JetStreamOptions.builder().timeout(LONG).build());
    }

    /** Waits until the condition holds. */
    static void until(String description, Callable<Boolean> condition) {
        until(description, LONG, condition);
    }

    static void until(String description, Duration patience, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!condition.call()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("waited " + patience + " in vain for " + description);
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        } catch (Exception e) {
            throw new AssertionError("while waiting for " + description, e);
        }
    }
}
