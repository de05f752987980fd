// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.VirtualPool.MILLI;
import static dev.midge.client.VirtualPool.steady;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When servers are tried, in virtual time. */
class ServerPoolWaitTest {
    private static final long MINUTE = 60_000;

    /** R-A4. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 50})
    void unreachableServersAreTriedAsOftenAsTheirBackOffSays(int servers) {
        String[] urls = new String[servers];
        for (int i = 0; i < servers; i++) {
            urls[i] = "s" + i;
        }
        Map<String, List<Long>> attempts =
                VirtualPool.of(steady().build(), urls).failUntil(MINUTE);
        assertThat(attempts).hasSize(servers);
        assertThat(attempts.values())
                .allSatisfy(times -> assertThat(times)
                        .containsExactly(0L, 250L, 750L, 1750L, 3750L, 7750L, 15750L, 25750L, 35750L, 45750L, 55750L));
    }

    /** R-A4. */
    @Test
    void theRandomPartOnlyMakesWaitsLonger() {
        for (int seed = 0; seed < 100; seed++) {
            Reconnect jittered = Reconnect.builder().jitter(0.5).build();
            VirtualPool pool = new VirtualPool(seed, jittered, options -> options.servers("a", "b"));
            assertThat(pool.failUntil(MINUTE).values()).hasSize(2).allSatisfy(times -> {
                assertThat(times).hasSizeBetween(8, 11);
                for (int i = 1; i < times.size(); i++) {
                    long base = Math.min(10_000, 250L << (i - 1));
                    assertThat(times.get(i) - times.get(i - 1)).isBetween(base, base + base / 2 + 1);
                }
            });
        }
    }

    /** Clients that lost a server together come back one by one. */
    @Test
    void theRandomPartSpreadsClientsEvenly() {
        List<Integer> perTenth = new ArrayList<>(Collections.nCopies(10, 0));
        for (int seed = 0; seed < 1000; seed++) {
            Reconnect spread =
                    Reconnect.builder().wait(Duration.ofSeconds(5)).jitter(1).build();
            VirtualPool pool = new VirtualPool(seed, spread, options -> options.servers("a"));
            Server server = pool.next();
            pool.pool.connected(server);
            pool.pool.lost(server, Long.MAX_VALUE, null);
            int tenth = (int) (pool.delayMillis(server) / 500);
            perTenth.set(tenth, perTenth.get(tenth) + 1);
        }
        assertThat(perTenth).allSatisfy(count -> assertThat(count).isBetween(60, 140));
    }

    @Test
    void aLostConnectionIsTriedAgainAtOnceElsewhere() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a", "b");
        Server a = pool.await();
        pool.pool.connected(a);
        pool.advance(MINUTE);
        pool.pool.lost(a, MINUTE * MILLI, null);
        Server next = pool.next();
        assertThat(next.endpoint().host()).isEqualTo("b");
        assertThat(pool.delayMillis(next)).isZero();
        assertThat(pool.delayMillis(a)).isZero();
    }

    /** The jitter goes for servers that were not tried, too: all clients of a server would go there. */
    @Test
    void clientsSpreadAlsoOverAServerThatWasNotTried() {
        Reconnect spread =
                Reconnect.builder().wait(Duration.ofSeconds(5)).jitter(1).build();
        List<Long> delays = new ArrayList<>();
        for (int seed = 0; seed < 20; seed++) {
            VirtualPool pool = new VirtualPool(seed, spread, options -> options.servers("a", "b"));
            assertThat(pool.delayMillis(pool.next())).isZero(); // the first connect does not wait
            Server a = pool.await();
            pool.pool.connected(a);
            pool.pool.lost(a, Long.MAX_VALUE, null);
            delays.add(pool.delayMillis(pool.next()));
        }
        assertThat(delays).doesNotHaveDuplicates().anyMatch(delay -> delay > 2500);
    }

    /** R-A4: no attempt fails here, and yet it is not tried more often. */
    @Test
    void aServerThatAcceptsAndDropsIsNotHammered() {
        VirtualPool pool = VirtualPool.of(steady().maxAttempts(3).build(), "a");
        List<Long> times = new ArrayList<>();
        while (pool.millis() < MINUTE) {
            Server server = pool.await();
            times.add(pool.millis());
            pool.pool.connected(server);
            pool.advance(1);
            pool.pool.lost(server, MILLI, null);
        }
        assertThat(times).hasSizeBetween(8, 12);
        assertThat(pool.hosts()).containsExactly("a"); // no attempt failed
    }

    @Test
    void aConnectionThatLastedEndsTheBackOff() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        for (int i = 0; i < 5; i++) {
            pool.refuse(pool.await());
        }
        Server a = pool.await();
        pool.pool.connected(a);
        pool.pool.lost(a, 249 * MILLI, null);
        assertThat(pool.delayMillis(a)).isEqualTo(8000);
        pool.await();
        pool.pool.connected(a);
        pool.pool.lost(a, 250 * MILLI, null);
        assertThat(pool.delayMillis(a)).isZero();
        pool.refuse(a);
        assertThat(pool.delayMillis(a)).isEqualTo(250);
    }

    @Test
    void aSecondIsLongEnough() {
        VirtualPool pool = VirtualPool.of(steady().wait(Duration.ofMinutes(1)).build(), "a");
        Server a = pool.await();
        pool.pool.connected(a);
        pool.pool.lost(a, 999 * MILLI, null);
        assertThat(pool.delayMillis(a)).isEqualTo(MINUTE);
        pool.await();
        pool.pool.connected(a);
        pool.pool.lost(a, 1000 * MILLI, null);
        assertThat(pool.delayMillis(a)).isZero();
    }

    @Test
    void anOwnBackOffIsUsed() {
        VirtualPool pool = VirtualPool.of(
                steady().delay(failures -> Duration.ofMillis(10L * failures)).build(), "a");
        assertThat(pool.failUntil(101).get("a")).containsExactly(0L, 10L, 30L, 60L, 100L);
        assertThat(pool.events).isEmpty();
    }

    @Test
    void anOwnBackOffThatFailsIsReportedAndReplaced() {
        List<Duration> returned = new ArrayList<>();
        returned.add(null);
        returned.add(Duration.ofMillis(-1));
        returned.add(Duration.ofDays(2));
        VirtualPool pool =
                VirtualPool.of(steady().delay(n -> returned.get(n - 1)).build(), "a");
        assertThat(pool.failUntil(3000).get("a")).containsExactly(0L, 250L, 750L, 1750L);
        assertThat(pool.events)
                .hasSize(4)
                .allSatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                ConnectionEvent.CallbackFailed.class,
                                failed -> assertThat(failed.callback()).isEqualTo("delay")));
    }

    @Test
    void theServerWhoseWaitIsOverFirstIsNext() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a", "b");
        Server a = pool.await();
        pool.refuse(a);
        pool.advance(100);
        Server b = pool.await();
        pool.refuse(b);
        pool.advance(150);
        pool.refuse(a); // 500 ms more; b: 100 ms
        assertThat(pool.next()).isSameAs(b);
        assertThat(pool.delayMillis(b)).isEqualTo(100);
        pool.advance(1000);
        assertThat(pool.next()).isSameAs(b); // both waits are over: b was tried longer ago
    }
}
