// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.midge.protocol.NatsException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R-D2: places and tokens of what waits for a reply. */
class PendingIndexTest {
    private static final class Waiter implements PendingIndex.Entry {
        private long token;

        @Override
        public long token() {
            return token;
        }

        @Override
        public void token(long given) {
            token = given;
        }
    }

    private final PendingIndex<Waiter> index = new PendingIndex<>();

    private Waiter add(long deadline) {
        Waiter waiter = new Waiter();
        index.add(waiter, deadline, IllegalStateException::new);
        return waiter;
    }

    @Test
    void eachIsFoundByItsTokenUntilItIsRemoved() {
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            waiters.add(add(PendingIndex.NEVER));
        }
        assertThat(index.pending()).isEqualTo(1000);
        for (int i = 0; i < 1000; i += 2) {
            assertThat(index.remove(waiters.get(i))).isTrue();
            assertThat(index.remove(waiters.get(i))).isFalse();
        }
        for (int i = 0; i < 1000; i++) {
            Waiter waiter = waiters.get(i);
            assertThat(index.contains(waiter)).isEqualTo(i % 2 == 1);
            assertThat(index.find(waiter.token())).isSameAs(i % 2 == 1 ? waiter : null);
        }
        assertThat(index.all(waiter -> true)).hasSize(500);
        assertThat(index.pending()).isEqualTo(500);
    }

    /** The token of one that has gone is not that of the next one in its place. */
    @Test
    void placesAreUsedAgainAndTokensAreNot() {
        Waiter first = add(1);
        long token = first.token();
        index.remove(first);
        Waiter second = add(1);
        assertThat(second.token()).isNotEqualTo(token);
        assertThat(index.find(token)).isNull();
        assertThat(index.remove(first)).isFalse();
        assertThat(index.find(second.token())).isSameAs(second);
    }

    @Test
    void aForeignTokenIsForTheOnlyOne() {
        assertThat(index.find(-1)).isNull();
        Waiter gone = add(1);
        Waiter only = add(1);
        assertThat(index.find(-1)).isNull();
        index.remove(gone);
        assertThat(index.find(-1)).isSameAs(only);
        assertThat(index.find(Long.MAX_VALUE)).isSameAs(only);
    }

    @Test
    void deadlines() {
        Waiter late = new Waiter();
        assertThat(index.add(late, 100, IllegalStateException::new)).isTrue();
        Waiter early = new Waiter();
        assertThat(index.add(early, 50, IllegalStateException::new)).isTrue();
        assertThat(index.add(new Waiter(), PendingIndex.NEVER, IllegalStateException::new))
                .isFalse();
        assertThat(index.armedFor()).isEqualTo(50);
        assertThat(index.due(49, 10)).isEmpty();
        assertThat(index.armedFor()).as("not before a tick").isEqualTo(59);
        assertThat(index.due(60, 10)).containsExactly(early);
        assertThat(index.due(60, 10)).as("once only").isEmpty();
        assertThat(index.armedFor()).isEqualTo(100);
        assertThat(index.setDeadline(early, 80)).isTrue();
        assertThat(index.due(200, 10)).containsExactlyInAnyOrder(early, late);
        assertThat(index.armedFor()).isEqualTo(PendingIndex.NEVER);
        index.remove(early);
        assertThat(index.setDeadline(early, 1)).isFalse();
    }

    @Test
    void takesNoMoreThanItsLimit() {
        for (int i = 0; i < PendingIndex.MAX_PENDING; i++) {
            add(1);
        }
        assertThatExceptionOfType(NatsException.class)
                .isThrownBy(() -> add(1))
                .withMessage("1048576 requests wait for replies: there is no room for another");
        assertThat(index.due(1, 1)).hasSize(1 << 20).allMatch(index::remove);
        assertThat(index.pending()).isZero();
        assertThat(index.find(add(1).token())).isNotNull();
    }

    @Test
    void takesNoneBehindItsEnd() {
        Waiter waits = add(7);
        index.close();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> add(1));
        assertThat(index.armedFor()).isEqualTo(PendingIndex.NEVER);
        assertThat(index.all(waiter -> true)).containsExactly(waits);
    }
}
