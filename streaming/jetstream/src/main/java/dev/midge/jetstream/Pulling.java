// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a consumption or a fetch is done.
 *
 * @param wanted how many messages it is for
 */
record Pulling(
        PullPlan plan,
        PullRequest request,
        long wanted,
        @Nullable Executor executor,
        java.util.function.@Nullable Consumer<ConsumeEvent> listener) {
    private static final long LONGEST_DELAY = Duration.ofSeconds(10).toNanos();

    /** What a fetch takes from its wait to hear the end from the server before it is over, at most. */
    private static final long EARLIER = Duration.ofMillis(20).toNanos();

    static Pulling continuous(PullSettings<?> settings, int percent, long wanted) {
        Duration heartbeat = settings.heartbeat;
        if (heartbeat == null) {
            heartbeat = settings.expires.dividedBy(2);
            heartbeat = heartbeat.compareTo(Duration.ofSeconds(30)) > 0 ? Duration.ofSeconds(30) : heartbeat;
        }
        int messages = settings.maxBytes > 0 ? PullSettings.MOST_MESSAGES : settings.maxMessages;
        PullPlan plan = new PullPlan(
                messages,
                settings.maxBytes,
                (int) part(messages, percent),
                part(settings.maxBytes, percent),
                false,
                false,
                Math.min(heartbeat.toNanos() / 2, LONGEST_DELAY));
        return new Pulling(
                plan,
                settings.request(settings.expires, false, heartbeat),
                wanted,
                settings.executor,
                settings.listener);
    }

    private static long part(long whole, int percent) {
        return (whole * percent + 99) / 100;
    }

    static Pulling once(PullSettings<?> settings, boolean noWait) {
        int messages = settings.maxBytes > 0 ? PullSettings.MOST_MESSAGES : settings.maxMessages;
        PullPlan plan =
                new PullPlan(messages, settings.maxBytes, messages, settings.maxBytes, true, noWait, LONGEST_DELAY);
        return new Pulling(
                plan,
                settings.request(settings.expires, noWait, settings.heartbeat),
                messages,
                settings.executor,
                settings.listener);
    }

    /** With a listener, if it has none. */
    Pulling heardBy(java.util.function.@Nullable Consumer<ConsumeEvent> other) {
        return listener == null ? new Pulling(plan, request, wanted, executor, other) : this;
    }

    /** What the server is told of a time to wait, so that its answer comes within that. */
    static long untilServer(long nanos) {
        return Math.max(nanos - Math.min(nanos / 10, EARLIER), 1);
    }
}
