// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.midge.jetstream.PullDecision.End;
import dev.midge.jetstream.PullDecision.Later;
import dev.midge.jetstream.PullDecision.Nothing;
import dev.midge.jetstream.PullDecision.Pull;
import dev.midge.jetstream.PullDecision.Verify;
import dev.midge.jetstream.PullEvent.Consumed;
import dev.midge.jetstream.PullEvent.Demand;
import dev.midge.jetstream.PullEvent.Due;
import dev.midge.jetstream.PullEvent.Lost;
import dev.midge.jetstream.PullEvent.Ready;
import dev.midge.jetstream.PullEvent.Status;
import dev.midge.jetstream.PullEvent.Unsent;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R-E1, R-E2, R-E4: the table of {@link Pulls#nextPull}. */
class PullsTest {
    private static final long MILLI = 1_000_000;
    private static final PullPlan CONTINUOUS = new PullPlan(100, 0, 50, 0, false, false, 400 * MILLI);
    private static final PullPlan BYTES = new PullPlan(1_000_000, 1000, 1_000_000, 500, false, false, 400 * MILLI);
    private static final PullPlan FETCH = new PullPlan(10, 0, 10, 0, true, false, 400 * MILLI);
    private static final PullPlan FETCH_BYTES =
            new PullPlan(1_000_000, 1000, 1_000_000, 1000, true, false, 400 * MILLI);
    private static final PullPlan NO_WAIT = new PullPlan(10, 0, 10, 0, true, true, 400 * MILLI);
    private static final Nothing NOTHING = new Nothing();
    private static final Later SOON = new Later(100 * MILLI);

    /** A table starts from here: all that may be was asked for, by pull 1, and 30 of it have come, 600 bytes. */
    private static PullState asked(PullPlan plan) {
        PullStep step =
                Pulls.nextPull(plan, PullState.initial(plan.once() ? plan.maxMessages() : PullState.ALL), new Ready());
        assertThat(step.decision()).isEqualTo(new Pull(1, plan.maxMessages(), plan.maxBytes()));
        return plan.once() ? step.state().buffered(4, 0) : step.state().buffered(30, plan.maxBytes() > 0 ? 600 : 0);
    }

    private static Status status(int code, String text) {
        return new Status(1, code, text, -1, -1);
    }

    private static Status status(int code, String text, long messages, long bytes) {
        return new Status(1, code, text, messages, bytes);
    }

    private static End end(ConsumeEnd end) {
        return new End(end);
    }

    /** Every status of jetstream.md 2.6, for what consumes on and on, and what is left pending. */
    static Stream<Arguments> continuous() {
        return Stream.of(
                arguments(new Status(1, 100, "Idle Heartbeat", -1, -1), NOTHING, 100),
                arguments(status(100, "FlowControl Request"), NOTHING, 100),
                arguments(status(400, "Bad Request - Invalid"), end(ConsumeEnd.REFUSED), 100),
                arguments(status(404, "No Messages"), SOON, 0),
                arguments(status(408, "Request Timeout", 70, 0), new Pull(2, 70, 0), 100),
                arguments(status(408, "Request Timeout", 10, 0), NOTHING, 90),
                arguments(status(408, "Interest Expired", 70, 0), new Pull(2, 70, 0), 100),
                arguments(status(408, "Requests Pending"), new Pull(2, 100, 0), 100),
                arguments(status(409, "Consumer Deleted"), end(ConsumeEnd.CONSUMER_DELETED), 100),
                arguments(status(409, "Consumer is push based"), end(ConsumeEnd.PUSH_CONSUMER), 100),
                arguments(status(409, "Exceeded MaxRequestBatch of 40"), new Pull(2, 40, 0), 40),
                arguments(status(409, "Exceeded MaxRequestExpires of 1s"), end(ConsumeEnd.REFUSED), 100),
                arguments(status(409, "Exceeded MaxRequestMaxBytes of 40"), end(ConsumeEnd.REFUSED), 0),
                arguments(status(409, "Exceeded MaxWaiting"), SOON, 0),
                arguments(status(409, "Batch Completed", 70, 0), new Pull(2, 70, 0), 100),
                arguments(status(409, "Batch Completed", 0, 0), NOTHING, 100),
                arguments(status(409, "Server Shutdown", 70, 0), SOON, 30),
                arguments(status(409, "Leadership Change"), new Pull(2, 70, 0), 100),
                arguments(status(409, "Something New"), SOON, 0),
                arguments(status(412, "Required Api Level"), end(ConsumeEnd.REFUSED), 100),
                arguments(status(423, "Nats-Wrong-Pin-Id", 70, 0), new Pull(2, 70, 0), 100),
                arguments(status(423, "Nats-Pin-Id mismatch"), new Pull(2, 100, 0), 100),
                arguments(status(429, "too many requests"), SOON, 0),
                arguments(status(503, ""), new Verify(100 * MILLI), 0),
                arguments(status(599, "Something New", 70, 0), SOON, 30));
    }

    @ParameterizedTest
    @MethodSource("continuous")
    @DisplayName("R-E1, R-E2: each status")
    void eachStatus(Status status, PullDecision decision, long pending) {
        PullStep step = Pulls.nextPull(CONTINUOUS, asked(CONTINUOUS), status);
        assertThat(step.decision()).isEqualTo(decision);
        assertThat(step.state().pendingMessages()).isEqualTo(pending);
    }

    static Stream<Arguments> bytes() {
        return Stream.of(
                arguments(status(408, "Request Timeout", 999_000, 400), NOTHING, 600),
                arguments(status(408, "Request Timeout", 999_000, 900), new Pull(2, 999_000, 900), 1000),
                arguments(status(409, "Message Size Exceeds MaxBytes", 999_970, 400), NOTHING, 600),
                arguments(
                        status(409, "Message Size Exceeds MaxBytes", 1_000_000, 1000),
                        end(ConsumeEnd.MESSAGE_TOO_LARGE),
                        0),
                arguments(status(409, "Batch Completed", 999_970, 400), NOTHING, 600),
                arguments(status(409, "Exceeded MaxRequestMaxBytes of 400"), new Pull(2, 1_000_000, 400), 400),
                arguments(status(409, "Leadership Change"), NOTHING, 600));
    }

    @ParameterizedTest
    @MethodSource("bytes")
    void eachStatusByBytes(Status status, PullDecision decision, long pending) {
        PullStep step = Pulls.nextPull(BYTES, asked(BYTES), status);
        assertThat(step.decision()).isEqualTo(decision);
        assertThat(step.state().pendingBytes()).isEqualTo(pending);
    }

    /** The next message did not fit: less than all the bytes that may be would not do. */
    @Test
    void waitsForRoomForALargeMessage() {
        PullState state = Pulls.nextPull(
                        BYTES, asked(BYTES), status(409, "Message Size Exceeds MaxBytes", 999_970, 400))
                .state();
        PullStep step = Pulls.nextPull(BYTES, state.buffered(10, 200), new Consumed(20, 400));
        assertThat(step.decision()).isEqualTo(NOTHING);
        step = Pulls.nextPull(BYTES, step.state().buffered(0, 0), new Consumed(10, 200));
        assertThat(step.decision()).isEqualTo(new Pull(2, 1_000_000, 1000));
    }

    static Stream<Arguments> fetch() {
        return Stream.of(
                arguments(FETCH, status(404, "No Messages"), end(ConsumeEnd.NO_MESSAGES)),
                arguments(FETCH, status(408, "Request Timeout", 6, 0), end(ConsumeEnd.EXPIRED)),
                arguments(NO_WAIT, status(408, "Request Timeout", 6, 0), end(ConsumeEnd.NO_MESSAGES)),
                arguments(FETCH, status(409, "Batch Completed", 6, 0), end(ConsumeEnd.EXPIRED)),
                arguments(FETCH, status(409, "Consumer Deleted"), end(ConsumeEnd.CONSUMER_DELETED)),
                arguments(FETCH, status(409, "Exceeded MaxRequestBatch of 4"), end(ConsumeEnd.REFUSED)),
                arguments(FETCH, status(409, "Leadership Change"), new Pull(2, 6, 0)),
                arguments(FETCH, status(409, "Server Shutdown", 6, 0), SOON),
                arguments(FETCH, status(423, "Nats-Wrong-Pin-Id", 6, 0), new Pull(2, 6, 0)),
                arguments(FETCH, status(503, ""), new Verify(100 * MILLI)),
                arguments(FETCH, new Consumed(4, 0), NOTHING),
                arguments(FETCH, new Ready(), new Pull(2, 6, 0)),
                arguments(
                        FETCH_BYTES,
                        status(409, "Message Size Exceeds MaxBytes", 999_990, 100),
                        end(ConsumeEnd.COMPLETE)),
                arguments(
                        FETCH_BYTES,
                        status(409, "Message Size Exceeds MaxBytes", 1_000_000, 1000),
                        end(ConsumeEnd.MESSAGE_TOO_LARGE)),
                arguments(FETCH_BYTES, status(409, "Batch Completed", 1, 0), end(ConsumeEnd.COMPLETE)));
    }

    @ParameterizedTest
    @MethodSource("fetch")
    @DisplayName("R-E3: what ends a fetch, and what does not")
    void eachStatusOfAFetch(PullPlan plan, PullEvent event, PullDecision decision) {
        assertThat(Pulls.nextPull(plan, asked(plan), event).decision()).isEqualTo(decision);
    }

    @Test
    @DisplayName("R-E1, R-E4: whatever was asked before does not count any more, but what comes of it meanwhile")
    void startsAnew() {
        PullStep lost = Pulls.nextPull(CONTINUOUS, asked(CONTINUOUS), new Lost());
        assertThat(lost.decision()).isEqualTo(NOTHING);
        // 30 were waiting for the user, and 15 more have come
        PullState late = lost.state().late(15, 0).buffered(45, 0);
        PullStep step = Pulls.nextPull(CONTINUOUS, late, new Ready());
        assertThat(step.decision()).isEqualTo(new Pull(2, 55, 0));
        assertThat(step.state().pendingMessages()).isEqualTo(100);
        PullStep stale = Pulls.nextPull(CONTINUOUS, step.state(), status(408, "Request Timeout", 70, 0));
        assertThat(stale).isEqualTo(new PullStep(step.state(), NOTHING));
        assertThat(Pulls.nextPull(CONTINUOUS, step.state(), status(409, "Consumer Deleted"))
                        .decision())
                .isEqualTo(NOTHING);
    }

    @Test
    @DisplayName("R-E4: what comes late is not asked for again, also of what has an end")
    void countsWhatComesLate() {
        PullState lost = Pulls.nextPull(FETCH, asked(FETCH), new Lost()).state();
        assertThat(lost.wanted()).isEqualTo(6); // 4 of the 10 have come
        PullState late = lost.late(1, 0).late(1, 0).buffered(6, 0);
        assertThat(Pulls.nextPull(FETCH, late, new Ready()).decision()).isEqualTo(new Pull(2, 4, 0));
        PullState bytes = Pulls.nextPull(FETCH_BYTES, asked(FETCH_BYTES).buffered(1, 100), new Lost())
                .state()
                .late(2, 300)
                .buffered(3, 400);
        assertThat(Pulls.nextPull(FETCH_BYTES, bytes, new Ready()).decision()).isEqualTo(new Pull(2, 999_997, 600));
    }

    @Test
    void withoutAServerNothingIsAsked() {
        PullStep lost = Pulls.nextPull(CONTINUOUS, asked(CONTINUOUS), new Lost());
        assertThat(lost.decision()).isEqualTo(NOTHING);
        PullStep consumed = Pulls.nextPull(CONTINUOUS, lost.state().buffered(0, 0), new Consumed(30, 0));
        assertThat(consumed.decision()).isEqualTo(NOTHING);
        assertThat(Pulls.nextPull(CONTINUOUS, consumed.state(), new Ready()).decision())
                .isEqualTo(new Pull(2, 100, 0));
    }

    @Test
    @DisplayName("R-E4: refilled when less than the threshold is left")
    void refills() {
        PullStep step = Pulls.nextPull(CONTINUOUS, asked(CONTINUOUS), new Consumed(50, 0));
        assertThat(step.decision()).isEqualTo(NOTHING);
        step = Pulls.nextPull(CONTINUOUS, step.state(), new Consumed(1, 0));
        assertThat(step.decision()).isEqualTo(new Pull(2, 51, 0));
        assertThat(step.state().pendingMessages()).isEqualTo(100);
    }

    @Test
    void oneByOne() {
        PullPlan one = new PullPlan(1, 0, 1, 0, false, false, 400 * MILLI);
        PullState state = asked(one).buffered(1, 0);
        PullStep step = Pulls.nextPull(one, state, new Consumed(1, 0));
        assertThat(step.decision()).isEqualTo(new Pull(2, 1, 0));
    }

    @Test
    @DisplayName("R-F12: no more than is demanded")
    void demand() {
        PullState none =
                Pulls.nextPull(CONTINUOUS, PullState.initial(0), new Ready()).state();
        assertThat(none.pendingMessages()).isZero();
        PullStep two = Pulls.nextPull(CONTINUOUS, none, new Demand(2));
        assertThat(two.decision()).isEqualTo(new Pull(1, 2, 0));
        PullStep more = Pulls.nextPull(CONTINUOUS, two.state(), new Demand(1000));
        assertThat(more.decision()).isEqualTo(new Pull(2, 98, 0));
        // 1 of them came; the others are still wanted when nothing of the pulls counts any more
        PullStep anew = Pulls.nextPull(CONTINUOUS, more.state().buffered(1, 0), new Ready());
        assertThat(anew.decision()).isEqualTo(new Pull(3, 99, 0));
        assertThat(anew.state().wanted()).isEqualTo(902);
        PullStep all = Pulls.nextPull(CONTINUOUS, anew.state(), new Demand(Long.MAX_VALUE));
        assertThat(all.state().wanted()).isEqualTo(PullState.ALL);
    }

    @Test
    @DisplayName("R-E1: attempts come later and later, up to the longest delay, and at once when something went well")
    void backsOff() {
        PullState state = asked(CONTINUOUS);
        long number = 1;
        for (long expected : new long[] {100, 200, 400, 400}) {
            PullStep refused = Pulls.nextPull(CONTINUOUS, state, new Unsent(number++));
            assertThat(refused.decision()).isEqualTo(new Later(expected * MILLI));
            assertThat(Pulls.nextPull(CONTINUOUS, refused.state(), new Consumed(1, 0))
                            .decision())
                    .isEqualTo(NOTHING); // it is waited for the time
            PullStep due = Pulls.nextPull(CONTINUOUS, refused.state().buffered(0, 0), new Due());
            assertThat(due.decision()).isInstanceOf(Pull.class);
            state = due.state();
        }
        PullStep well = Pulls.nextPull(CONTINUOUS, state, new Consumed(10, 0));
        assertThat(Pulls.nextPull(CONTINUOUS, well.state(), new Unsent(number)).decision())
                .isEqualTo(SOON);
    }

    @Test
    void theServersLimitStays() {
        PullStep limited = Pulls.nextPull(
                CONTINUOUS, asked(CONTINUOUS).buffered(0, 0), status(409, "Exceeded MaxRequestBatch of 5"));
        assertThat(limited.decision()).isEqualTo(new Pull(2, 5, 0));
        PullStep next = Pulls.nextPull(CONTINUOUS, limited.state(), new Consumed(1, 0));
        assertThat(next.decision()).isEqualTo(new Pull(3, 1, 0));
        // the same once more would be for ever
        Status again = new Status(3, 409, "Exceeded MaxRequestBatch of 5", -1, -1);
        assertThat(Pulls.nextPull(CONTINUOUS, next.state(), again).decision()).isEqualTo(end(ConsumeEnd.REFUSED));
    }

    /** R-E4: whatever comes in whatever order, no more is asked for and waiting than may be. */
    @Test
    void neverTooMuch() {
        Random random = new Random(7);
        Object[] statuses = continuous().map(row -> row.get()[0]).toArray();
        for (int round = 0; round < 2000; round++) {
            PullState state = PullState.initial(round % 2 == 0 ? PullState.ALL : random.nextInt(500));
            long buffered = 0;
            for (int i = 0; i < 100; i++) {
                PullEvent event = switch (random.nextInt(7)) {
                    case 0 -> new Ready();
                    case 1 -> new Demand(random.nextInt(50) + 1);
                    case 2 -> new Due();
                    case 3 -> random.nextInt(10) == 0 ? new Lost() : new Due();
                    case 4 -> {
                        Status status = (Status) statuses[random.nextInt(statuses.length)];
                        long left = Math.min(status.messages(), state.outstandingMessages());
                        yield new Status(state.nextPull() - 1, status.code(), status.text(), left, status.bytes());
                    }
                    default -> {
                        long came = random.nextLong(Math.max(0, state.pendingMessages() - buffered) + 1);
                        long gone = random.nextLong(buffered + came + 1);
                        buffered += came - gone;
                        yield new Consumed(gone, 0);
                    }
                };
                long before = state.nextPull();
                PullStep step = Pulls.nextPull(CONTINUOUS, state.buffered(buffered, 0), event);
                state = step.state();
                buffered = Math.min(buffered, state.pendingMessages()); // a refused pull has sent nothing
                assertThat(state.pendingMessages()).isBetween(buffered, 100L);
                assertThat(state.wanted()).isNotNegative();
                assertThat(state.nextPull() - before).isEqualTo(step.decision() instanceof Pull ? 1 : 0);
                if (step.decision() instanceof Pull pull) {
                    assertThat(pull.batch()).isPositive();
                }
            }
        }
    }
}
