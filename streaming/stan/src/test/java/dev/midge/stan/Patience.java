// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.OptionsBuilder;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for as long as a machine may stand still. */
final class Patience {
    static final Duration LONG = Duration.ofSeconds(30);

    private static final long POLL_NANOS = 1_000_000;

    private Patience() {}

    /** NATS options whose timeouts are long, and all else is as by default. */
    static OptionsBuilder options(String url) {
        return Options.builder()
                .servers(url)
                .connectTimeout(LONG)
                .writeTimeout(LONG)
                .closeTimeout(LONG);
    }

    static Connection connect(String url) {
        return Nats.connect(options(url).build());
    }

    /** Streaming options likewise. */
    static StanOptions.Builder stan(String clientId) {
        return StanOptions.builder("test-cluster", clientId).connectTimeout(LONG);
    }

    static StanConnection connect(Connection nc, String clientId) {
        return Stan.connect(nc, stan(clientId).build());
    }

    static void until(String description, Callable<Boolean> condition) {
        until(() -> description, condition);
    }

    /** Waits until the condition holds; fails with the description, taken then, if it does not. */
    static void until(Supplier<String> description, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        try {
            while (!condition.call()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("waited " + LONG + " in vain for " + description.get());
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        } catch (Exception e) {
            throw new AssertionError("while waiting for " + description.get(), e);
        }
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }
}
