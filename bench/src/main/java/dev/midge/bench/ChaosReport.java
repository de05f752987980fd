// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.client.Statistics;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The account of a {@link ChaosRun}, and what is wrong with it. */
final class ChaosReport {
    private final ChaosRun run;
    private final List<String> violations = new ArrayList<>();
    private final List<Long> returns = new ArrayList<>();

    int kills;
    long nanos;
    private long calls;
    private long refused;
    private long accepted;
    private long written;
    private long queued;
    private long discarded;
    private long reported;
    private long received;
    private long dropped;
    private long outOfOrder;
    private long failedAttempts;

    ChaosReport(ChaosRun run) {
        this.run = run;
    }

    void expect(String what, boolean holds) {
        if (!holds) {
            violations.add("not so: " + what);
        }
    }

    void add(ChaosPublisher publisher) {
        Statistics statistics = publisher.connection().statistics();
        calls += publisher.accepted();
        refused += publisher.refused();
        accepted += statistics.outAccepted();
        written += statistics.outWritten();
        queued += statistics.outQueued();
        discarded += statistics.outDiscarded();
        reported += publisher.events().discarded();
        String who = "publisher " + publisher.index() + ": ";
        expect(
                who + "what publish took is what Statistics call accepted",
                publisher.accepted() == statistics.outAccepted());
        expect(
                who + "accepted = written + queued + reported: " + statistics,
                statistics.outAccepted()
                        == statistics.outWritten()
                                + statistics.outQueued()
                                + publisher.events().discarded());
        expect(who + "nothing is queued behind the end", statistics.outQueued() == 0);
        add(who, publisher.events());
    }

    void add(ChaosSubscriber subscriber) {
        received += subscriber.received();
        dropped += subscriber.connection().statistics().droppedMessages();
        outOfOrder += subscriber.outOfOrder();
        String who = "subscriber " + subscriber.index() + ": ";
        expect(who + "the numbers of each publisher only grow", subscriber.outOfOrder() == 0);
        add(who, subscriber.events());
    }

    private void add(String who, ChaosEvents events) {
        failedAttempts += events.failedAttempts();
        expect(
                who + "nothing unexpected happens: " + events.unexpected(),
                events.unexpected().isEmpty());
        for (ChaosEvents.Return back : events.returns()) {
            returns.add(back.nanos());
            expect(
                    who + "it is back within the back-off: " + back,
                    back.nanos()
                            <= backOffNanos(back.attempts()) + run.machine().toNanos());
        }
    }

    /** The longest that so many attempts may have to wait, each as long as its number of failures says. */
    private static long backOffNanos(int attempts) {
        double longest = (double) ChaosRun.RECONNECT.maxWait().toNanos();
        double sum = 0;
        double wait = (double) ChaosRun.RECONNECT.initialWait().toNanos();
        for (int i = 0; i < attempts; i++) {
            sum += Math.min(wait, longest) * (1 + ChaosRun.RECONNECT.jitter());
            wait *= ChaosRun.RECONNECT.multiplier();
        }
        return (long) sum;
    }

    List<String> violations() {
        return violations;
    }

    int reconnects() {
        return returns.size();
    }

    long accepted() {
        return accepted;
    }

    long received() {
        return received;
    }

    void print(PrintStream out) {
        long[] sorted = returns.stream().mapToLong(Long::longValue).sorted().toArray();
        out.printf(
                "ran           %d s: %d kills, %,d reconnects, %,d failed attempts%n",
                TimeUnit.NANOSECONDS.toSeconds(nanos), kills, sorted.length, failedAttempts);
        out.printf("publish       %,d calls, %,d of them refused%n", calls + refused, refused);
        out.printf(
                "accounting    accepted %,d = written %,d + queued %,d + reported %,d  (Statistics: discarded %,d)%n",
                accepted, written, queued, reported, discarded);
        out.printf(
                "received      %,d: %,d of those written were lost in servers or behind them%n",
                received, written - received);
        out.printf("order         %,d out of order, %,d dropped by subscribers%n", outOfOrder, dropped);
        out.printf("back again    %s%n", times(sorted));
        out.printf("violations    %s%n", violations.isEmpty() ? "none" : violations.size());
        violations.stream().limit(20).forEach(violation -> out.println("              " + violation));
    }

    private static String times(long[] sorted) {
        if (sorted.length == 0) {
            return "nobody was away";
        }
        return String.format(
                "median %.1f ms, 99 %% within %.1f ms, longest %.1f ms",
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                Arrays.stream(sorted).max().orElse(0) / 1e6);
    }
}
