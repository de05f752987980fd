// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.OptionsBuilder;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for as long as a machine may stand still. */
final class Patience {
    static final Duration LONG = Duration.ofSeconds(30);

    private static final long POLL_NANOS = 1_000_000;

    private Patience() {}

    /** Options whose timeouts are long, and all else is as by default. */
    static OptionsBuilder options(String url) {
        return Options.builder()
                .servers(url)
                .connectTimeout(LONG)
                .writeTimeout(LONG)
                .closeTimeout(LONG);
    }

    /** Connects with these. */
    static Connection connect(String url) {
        return Nats.connect(options(url).build());
    }

    /** Waits until the condition holds. */
    static void until(String description, Callable<Boolean> condition) {
        until(() -> description, LONG, condition);
    }

    /** As {@link #until(String, Callable)}, for so long at most. */
    static void until(String description, Duration time, Callable<Boolean> condition) {
        until(() -> description, time, condition);
    }

    /** As {@link #until(String, Callable)}, for so long at most, with a description that is taken then. */
    static void until(Supplier<String> description, Duration time, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + time.toNanos();
        try {
            while (!condition.call()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("waited " + time + " in vain for " + description.get());
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        } catch (Exception e) {
            throw new AssertionError("while waiting for " + description.get(), e);
        }
    }

    static JetStream jetStream(Connection connection) {
        return JetStream.of(connection, JetStreamOptions.builder().timeout(LONG).build());
    }
}
