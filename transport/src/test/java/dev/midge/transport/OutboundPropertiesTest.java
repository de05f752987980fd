// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** R-B1, R-B2, R-B4: any sequence of frames, slow sockets, cuts and new connections, against a model. */
class OutboundPropertiesTest {
    /** Something that happens to a buffer. */
    sealed interface Op {
        record Message(int length, boolean withHeaders, boolean direct) implements Op {}

        record Control(int kind) implements Op {}

        record Allow(long bytes) implements Op {}

        record Turn() implements Op {}

        record Read() implements Op {}

        record ReadComplete() implements Op {}

        record Break() implements Op {}

        record Lose() implements Op {}

        record Next() implements Op {}
    }

    @Provide
    Arbitrary<List<Op>> ops() {
        Arbitrary<Integer> length = Arbitraries.frequencyOf(
                Tuple.of(10, Arbitraries.integers().between(0, 100)),
                Tuple.of(3, Arbitraries.integers().between(0, 20_000)),
                Tuple.of(1, Arbitraries.integers().between(16_384, 150_000)));
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        return Arbitraries.<Op>frequencyOf(
                        Tuple.of(12, Combinators.combine(length, flag, flag).as(Op.Message::new)),
                        Tuple.of(4, Arbitraries.integers().between(0, 1_000).map(Op.Control::new)),
                        Tuple.of(4, Arbitraries.longs().between(0, 100_000).map(Op.Allow::new)),
                        Tuple.of(6, Arbitraries.just(new Op.Turn())),
                        Tuple.of(2, Arbitraries.just(new Op.Read())),
                        Tuple.of(2, Arbitraries.just(new Op.ReadComplete())),
                        Tuple.of(1, Arbitraries.just(new Op.Break())),
                        Tuple.of(1, Arbitraries.just(new Op.Lose())),
                        Tuple.of(2, Arbitraries.just(new Op.Next())))
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }

    /** What happens, and what the sockets of all connections took. */
    private static final class Run {
        final OutboundFixture fixture;
        final OutboundScript script;
        final ByteArrayOutputStream wires = new ByteArrayOutputStream();
        int wholeMessages;
        int frame;
        boolean attached;
        boolean reading;

        Run(OutboundFixture fixture) {
            this.fixture = fixture;
            this.script = new OutboundScript(fixture.buffer);
        }

        void apply(Op op) {
            if (op instanceof Op.Message message) {
                Outcome outcome = script.message(message.length, message.withHeaders, message.direct);
                assertThat(outcome).isNotEqualTo(Outcome.CLOSED);
            } else if (op instanceof Op.Control control) {
                assertThat(script.control(control.kind)).isEqualTo(Outcome.ACCEPTED);
            } else if (op instanceof Op.Allow allow) {
                fixture.channel.allow(allow.bytes);
            } else if (op instanceof Op.Turn) {
                fixture.run();
            } else if (op instanceof Op.Read) {
                fixture.buffer.readStarted();
                reading = true;
            } else if (op instanceof Op.ReadComplete) {
                fixture.buffer.readComplete();
                reading = false;
            } else if (op instanceof Op.Break) {
                fixture.channel.breakWhenExhausted();
            } else if (op instanceof Op.Lose && attached) {
                lose();
            } else if (op instanceof Op.Next && !attached) {
                attached = true;
                fixture.nextChannel();
            }
        }

        /** Follows the frames on the wire: whole ones in order, then perhaps a part of one, and then some are missing. */
        void lose() {
            fixture.loseChannel();
            attached = false;
            byte[] wire = fixture.channel.wire();
            int at = 0;
            while (at < wire.length) {
                byte[] expected = script.accepted.get(frame).bytes();
                int length = Math.min(expected.length, wire.length - at);
                assertThat(Arrays.copyOfRange(wire, at, at + length)).isEqualTo(Arrays.copyOf(expected, length));
                at += length;
                if (length == expected.length) {
                    settled(true);
                } else {
                    settled(false);
                }
            }
            wires.writeBytes(wire);
            long queued = fixture.buffer.queuedBytes();
            while (script.bytesFrom(frame).length > queued) {
                settled(false);
            }
            assertThat((long) script.bytesFrom(frame).length).isEqualTo(queued);
        }

        private void settled(boolean whole) {
            OutboundScript.Frame next = script.accepted.get(frame++);
            if (next.message()) {
                assertThat(next.handed().isDone()).isTrue();
                assertThat(next.handed().isCompletedExceptionally()).isEqualTo(!whole);
                wholeMessages += whole ? 1 : 0;
            }
        }

        void finish() {
            if (!attached) {
                attached = true;
                fixture.nextChannel();
            }
            if (reading) {
                fixture.buffer.readComplete();
            }
            fixture.channel.allow(Long.MAX_VALUE);
            fixture.run();
            fixture.passMillis(1); // what has gathered
            if (fixture.channel.isOpen()) {
                assertThat(fixture.buffer.queuedBytes())
                        .as("nothing is left behind")
                        .isZero();
            }
            lose();
            OutboundCounts counts = fixture.buffer.counts();
            assertThat(counts.writtenBytes()).isEqualTo(wires.size());
            assertThat(counts.writtenMessages()).isEqualTo(wholeMessages);
            assertThat(fixture.discards.stream()
                            .mapToLong(OutboundFixture.Discard::messages)
                            .sum())
                    .isEqualTo(counts.discardedMessages());
        }
    }

    @Property(tries = 300)
    void everyFrameIsWrittenWholeInOrderOrReported(@ForAll("ops") List<Op> ops) {
        try (OutboundFixture fixture = new OutboundFixture(200_000)) {
            Run run = new Run(fixture);
            for (Op op : ops) {
                run.apply(op);
                fixture.assertAddsUp();
                assertThat(fixture.directMemory()).isLessThanOrEqualTo(2 * fixture.buffer.queuedBytes() + 600_000);
            }
            run.finish();
        }
    }
}
