// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.VirtualPool.MILLI;
import static dev.midge.client.VirtualPool.error;
import static dev.midge.client.VirtualPool.steady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which servers are tried, and which no more. */
class ServerPoolTest {
    private static final String VIOLATION = "Authorization Violation";
    private static final String EXPIRED = "User Authentication Expired";

    /** R-A11. */
    @Test
    void eachServerIsTriedOnceInTheGivenOrder() {
        VirtualPool pool = VirtualPool.of(steady().build(), "c", "a", "b");
        for (String host : List.of("c", "a", "b")) {
            Server next = pool.next();
            assertThat(next.endpoint().host()).isEqualTo(host);
            assertThat(pool.next()).isSameAs(next); // to look changes nothing
            pool.refuse(next);
        }
    }

    @Test
    void theOrderIsRandomUnlessToldOtherwise() {
        Set<String> firsts = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            VirtualPool pool = new VirtualPool(
                    seed, steady().build(), options -> options.servers("a,b,c").randomizeServers(true));
            StringBuilder order = new StringBuilder();
            for (int i = 0; i < 3; i++) {
                Server next = pool.next();
                order.append(next.endpoint().host());
                pool.refuse(next);
            }
            firsts.add(order.toString());
        }
        assertThat(firsts).containsExactlyInAnyOrder("abc", "acb", "bac", "bca", "cab", "cba");
    }

    @Test
    void aServerLeavesAfterMaxAttemptsInARow() {
        VirtualPool pool = VirtualPool.of(steady().maxAttempts(3).build(), "a", "b");
        assertThat(pool.failUntil(60_000))
                .allSatisfy((host, times) -> assertThat(times).containsExactly(0L, 250L, 750L));
        assertThat(pool.nextOrNull()).isNull();
        assertThat(pool.pool.view()).isEmpty();
        assertThat(pool.pool.expelledForAuthentication()).isFalse();
    }

    @Test
    void onlyAttemptsInARowCount() {
        VirtualPool pool = VirtualPool.of(steady().maxAttempts(2).build(), "a");
        for (int i = 0; i < 5; i++) {
            Server a = pool.await();
            pool.refuse(a);
            assertThat(pool.pool.view()).extracting(ServerState::failures).containsExactly(1);
            pool.pool.connected(a);
            assertThat(pool.pool.view()).extracting(ServerState::failures).containsExactly(0);
        }
        Server a = pool.next();
        pool.refuse(a);
        pool.refuse(a);
        assertThat(pool.hosts()).isEmpty();
    }

    @Test
    void withoutReconnectEachServerIsTriedOnce() {
        VirtualPool pool = VirtualPool.of(Reconnect.never(), "a", "b");
        assertThat(pool.failUntil(60_000))
                .allSatisfy((host, times) -> assertThat(times).containsExactly(0L));
    }

    /** R-A15. */
    @Test
    void theSameRefusalTwiceInARowRemovesTheServer() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a", "b");
        Server a = pool.next();
        pool.pool.failed(a, error(VIOLATION));
        assertThat(pool.hosts()).containsExactly("a", "b");
        pool.refuse(a); // says nothing of the credentials
        pool.pool.failed(a, error("authorization violation"));
        assertThat(pool.hosts()).containsExactly("b");
        assertThat(pool.pool.expelledForAuthentication()).isTrue();
    }

    /** R-A15. */
    @Test
    void otherErrorsAreTriedAgain() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        Server a = pool.next();
        for (int i = 0; i < 3; i++) {
            pool.pool.failed(a, error(VIOLATION));
            pool.pool.failed(a, error(EXPIRED));
            pool.pool.failed(a, error("maximum connections exceeded"));
            pool.pool.failed(a, error("Authentication Timeout"));
        }
        assertThat(pool.hosts()).containsExactly("a");
    }

    /** R-A15: credentials that expire are renewed, as often as they like. */
    @Test
    void refusalsBetweenWhichAConnectionLastedAreNotInARow() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        Server a = pool.next();
        for (int i = 0; i < 3; i++) {
            pool.pool.connected(a);
            pool.pool.lost(a, 1000 * MILLI, error(EXPIRED));
            assertThat(pool.hosts()).containsExactly("a");
        }
        pool.pool.failed(a, error(EXPIRED)); // no fresh ones this time
        assertThat(pool.hosts()).isEmpty();
    }

    /** R-A15. */
    @Test
    void aServerThatRefusesWhatItAcceptedABlinkAgoIsRemoved() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        Server a = pool.next();
        pool.pool.connected(a);
        pool.pool.lost(a, MILLI, error(VIOLATION));
        assertThat(pool.hosts()).containsExactly("a");
        pool.pool.connected(a);
        pool.pool.lost(a, MILLI, error(VIOLATION));
        assertThat(pool.hosts()).isEmpty();
    }

    @Test
    void replacingKeepsWhatIsKnown() {
        VirtualPool pool = VirtualPool.of(steady().maxAttempts(5).build(), "a", "b");
        Server a = pool.next();
        pool.refuse(a);
        pool.refuse(a);
        pool.pool.replace(ServerUrls.parse("c", "nats://me:secret@A:4222"));
        assertThat(pool.hosts()).containsExactly("c", "A");
        assertThat(pool.pool.view()).extracting(ServerState::failures).containsExactly(0, 2);
        assertThat(pool.next().endpoint().host()).isEqualTo("c");
        assertThat(a.endpoint().userInfo()).isNotNull();
        assertThat(pool.delayMillis(a)).isEqualTo(500);
    }

    @Test
    void theServerConnectedToMayBeReplaced() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        Server a = pool.next();
        pool.pool.connected(a);
        pool.pool.replace(ServerUrls.parse("b"));
        pool.pool.lost(a, MILLI, null);
        assertThat(pool.hosts()).containsExactly("b");
        assertThat(pool.next().endpoint().host()).isEqualTo("b");
    }

    @Test
    void replacingIsChecked() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        assertThatThrownBy(() -> pool.pool.replace(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("servers is empty: at least one is needed");
        assertThat(pool.hosts()).containsExactly("a");
    }
}
