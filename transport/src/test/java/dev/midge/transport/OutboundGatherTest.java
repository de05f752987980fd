// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static dev.midge.transport.OutboundFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Messages that come one behind the other, of which more gather before the event loop takes them. R-B10 */
class OutboundGatherTest {
    private static final int LONG = 1 << 10;

    /** So many messages have been written that more gather before the next batch. */
    private static OutboundFixture gathering() {
        OutboundFixture f = new OutboundFixture(1 << 20).attached();
        burst(f);
        f.run();
        assertThat(f.buffer.queuedMessages()).isZero();
        return f;
    }

    private static void burst(OutboundFixture f) {
        for (int i = 0; i < WakeUp.MANY; i++) {
            f.publish("m", bytes(LONG));
        }
    }

    private static void assertGathers(OutboundFixture f) {
        f.publish("a", "x");
        assertThat(f.isDrainScheduled()).isFalse();
        assertThat(f.buffer.queuedMessages()).isPositive();
        f.passMillis(1);
        assertThat(f.buffer.queuedMessages()).isZero();
        assertThat(f.channel.text()).endsWith("PUB a 1\r\nx\r\n");
    }

    private static void assertGathersNot(OutboundFixture f) {
        f.publish("b", "y");
        assertThat(f.isDrainScheduled()).isTrue();
        f.run();
        assertThat(f.channel.text()).endsWith("PUB b 1\r\ny\r\n");
    }

    @Test
    void moreGatherBehindManyAndThenNoMore() {
        try (OutboundFixture f = gathering()) {
            int before = f.channel.gatheringWrites();
            f.publish("a", "x");
            f.publish("a", "x");
            assertGathers(f);
            assertThat(f.channel.gatheringWrites() - before).isEqualTo(1);
            assertGathersNot(f);
        }
    }

    @Test
    void theNextOneIsWrittenAtOnceWhenNoneCameMeanwhile() {
        try (OutboundFixture f = gathering()) {
            f.passMillis(1);
            assertGathersNot(f);
        }
    }

    @Test
    void asLongAsManyCome() {
        try (OutboundFixture f = gathering()) {
            for (int i = 0; i < 5; i++) {
                burst(f);
                assertThat(f.isDrainScheduled()).isFalse();
                f.passMillis(1);
                assertThat(f.buffer.queuedMessages()).isZero();
            }
            assertGathers(f);
            assertGathersNot(f);
        }
    }

    @Test
    void fewLongOnesAreNotMany() {
        try (OutboundFixture f = new OutboundFixture(1 << 20).attached()) {
            f.publish("m", bytes(4 * WakeUp.HELD_AT_MOST));
            f.run();
            assertGathersNot(f);
        }
    }

    @Test
    void manyShortOnesAreNotEnough() {
        try (OutboundFixture f = new OutboundFixture(1 << 20).attached()) {
            for (int i = 0; i < WakeUp.MANY; i++) {
                f.publish("m", "");
            }
            f.run();
            assertGathersNot(f);
        }
    }

    @Test
    void sixtyFourKibibytesAreEnough() {
        try (OutboundFixture f = gathering()) {
            f.publish("a", bytes(WakeUp.GATHERED / 2));
            assertThat(f.isDrainScheduled()).isFalse();
            f.publish("a", bytes(WakeUp.GATHERED / 2));
            assertThat(f.isDrainScheduled()).isTrue();
            f.run();
            assertThat(f.buffer.queuedMessages()).isZero();
            assertGathersNot(f);
            f.passMillis(1); // the timer finds nothing
            assertGathersNot(f);
        }
    }

    @Test
    void aPingDoesNotWait() {
        try (OutboundFixture f = gathering()) {
            f.publish("a", "x");
            f.buffer.ping();
            assertThat(f.isDrainScheduled()).isTrue();
            f.run();
            assertThat(f.channel.text()).endsWith("PUB a 1\r\nx\r\nPING\r\n");
        }
    }

    @Test
    void aRequestDoesNotWait() throws Exception {
        try (OutboundFixture f = gathering()) {
            f.buffer.publish("r", "i", null, bytes(0), 0, 0, 0, null, null);
            assertThat(f.isDrainScheduled()).isTrue();
            f.run();
            assertThat(f.channel.text()).endsWith("PUB r i 0\r\n\r\n");
        }
    }

    @Test
    void whatWasHeldBackDoesNotWaitWhenItIsLetGo() {
        try (OutboundFixture f = gathering()) {
            f.buffer.hold();
            f.publish("w", ""); // nobody watches yet
            f.run();
            f.passMillis(1);
            burst(f);
            f.buffer.letGo();
            f.run();
            f.buffer.hold();
            f.publish("a", "x");
            assertThat(f.isDrainScheduled()).isFalse();
            f.buffer.letGo();
            assertThat(f.isDrainScheduled()).isTrue();
            f.run();
            assertThat(f.channel.text()).endsWith("PUB a 1\r\nx\r\n");
        }
    }

    @Test
    void whatIsPublishedWhileReadingDoesNotWait() {
        try (OutboundFixture f = gathering()) {
            f.buffer.readStarted();
            f.publish("a", "x");
            f.buffer.readComplete();
            assertThat(f.channel.text()).endsWith("PUB a 1\r\nx\r\n");
        }
    }

    /** The socket takes the batch only later, and somebody must still look what gathers behind it. */
    @Test
    void alsoBehindASlowPeer() {
        try (OutboundFixture f = new OutboundFixture(1 << 20).attached()) {
            f.channel.allow(10);
            burst(f);
            f.run();
            assertThat(f.buffer.queuedMessages()).isEqualTo(WakeUp.MANY);
            f.passMillis(1);
            f.channel.allow(Long.MAX_VALUE);
            f.run();
            assertThat(f.buffer.queuedMessages()).isZero();
            assertGathers(f);
        }
    }

    @Test
    void theNextServerGetsWhatHadGathered() {
        try (OutboundFixture f = gathering()) {
            f.publish("a", "x");
            f.loseChannel();
            f.passMillis(1);
            assertThat(f.buffer.queuedMessages()).isEqualTo(1);
            f.nextChannel();
            assertThat(f.channel.text()).isEqualTo("PUB a 1\r\nx\r\n");
            assertGathersNot(f);
        }
    }
}
