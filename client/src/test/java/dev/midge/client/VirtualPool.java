// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Info;
import dev.midge.protocol.ServerError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A {@link ServerPool} whose time stands still until a test turns it on. */
final class VirtualPool {
    static final long MILLI = 1_000_000;

    final List<ConnectionEvent> events = new ArrayList<>();
    final ServerPool pool;

    /** Near the end of what a long holds, as the JVM's clock may be. */
    private final long start = Long.MAX_VALUE - 500 * MILLI;

    private long now = start;

    VirtualPool(long seed, Reconnect reconnect, UnaryOperator<OptionsBuilder> options) {
        OptionsBuilder builder =
                options.apply(Options.builder().reconnect(reconnect).randomizeServers(false));
        pool = new ServerPool(builder.build(), () -> now, new SplittableRandom(seed), events::add);
    }

    static VirtualPool of(Reconnect reconnect, String... urls) {
        return new VirtualPool(1, reconnect, options -> options.servers(urls));
    }

    /** Without a random part, unless a test says otherwise. */
    static Reconnect.Builder steady() {
        return Reconnect.builder().jitter(0);
    }

    static ServerError error(String text) {
        return ServerError.parse(text);
    }

    static Info info(String... connectUrls) {
        return Info.parse("{\"connect_urls\":[\"" + String.join("\",\"", connectUrls) + "\"]}");
    }

    long millis() {
        return (now - start) / MILLI;
    }

    void advance(long millis) {
        now += millis * MILLI;
    }

    long delayMillis(Server server) {
        return TimeUnit.NANOSECONDS.toMillis(pool.delayNanos(server));
    }

    /** Asks the user first, as a connection does. */
    @Nullable
    Server nextOrNull() {
        Advice advice = pool.advice();
        if (advice != null) {
            pool.take(advice.ask());
        }
        return pool.next(null);
    }

    Server next() {
        Server next = nextOrNull();
        if (next == null) {
            throw new AssertionError("the pool is empty");
        }
        return next;
    }

    /** Waits for a server, as a connection does, and answers which it is. */
    Server await() {
        Server next = next();
        now += pool.delayNanos(next);
        return next;
    }

    /** The server of that name, all of them having been lost on the way. */
    Server named(String host) {
        for (int i = 0; i < pool.view().size(); i++) {
            Server next = next();
            if (next.endpoint().host().equals(host)) {
                return next;
            }
            pool.lost(next, Long.MAX_VALUE, null);
        }
        throw new AssertionError(host + " is not in " + pool.view());
    }

    List<String> hosts() {
        return pool.view().stream().map(state -> state.endpoint().host()).toList();
    }

    void refuse(Server server) {
        pool.failed(server, new IOException("refused"));
    }

    /** All attempts up to a time fail at once; answers when each server was tried, in milliseconds. */
    Map<String, List<Long>> failUntil(long millis) {
        Map<String, List<Long>> attempts = new HashMap<>();
        while (nextOrNull() != null) {
            Server server = await();
            if (millis() >= millis) {
                break;
            }
            attempts.computeIfAbsent(server.endpoint().host(), host -> new ArrayList<>())
                    .add(millis());
            refuse(server);
        }
        return attempts;
    }
}
