// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static dev.midge.bench.StreamChaosWait.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** How long those that consume got nothing new while the stream took messages. */
final class StreamChaosStalls {
    private final List<StreamChaosConsumer> hearing;
    private final StreamChaosReport report;
    private final long[] longest;

    StreamChaosStalls(List<StreamChaosConsumer> hearing, StreamChaosReport report) {
        this.hearing = hearing;
        this.report = report;
        longest = new long[hearing.size()];
    }

    /**
     * Waits until each, also of those that share a consumer, has got a message behind one; the server gives to those that wait in
     * turns. All servers and leaders are there.
     */
    void measure(long sequence, String when) {
        long back = System.nanoTime();
        boolean[] on = new boolean[longest.length];
        within(() -> {
            boolean all = true;
            for (int i = 0; i < on.length; i++) {
                if (!on[i] && hearing.get(i).newestSequence() > sequence) {
                    on[i] = true;
                    longest[i] = Math.max(longest[i], System.nanoTime() - back);
                }
                all &= on[i];
            }
            return all;
        });
        for (int i = 0; i < on.length; i++) {
            report.expect(hearing.get(i).name() + " goes on " + when, on[i]);
        }
    }

    /** What was measured so far does not count. */
    void forget() {
        Arrays.fill(longest, 0);
    }

    void report(Duration most) {
        for (int i = 0; i < longest.length; i++) {
            String who = hearing.get(i).name();
            report.line(String.format(
                    "stall         %s: at most %.1f s without a message when all were back", who, longest[i] / 1e9));
            report.expect(
                    who + " stalls for " + most.toMillis() + " ms at most: " + longest[i] / 1_000_000 + " ms",
                    longest[i] <= most.toNanos());
        }
    }
}
