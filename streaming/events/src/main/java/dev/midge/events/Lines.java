// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The jobs that wait, in a line for each actor, and whose turn it is: by priority, within the limit of each. Not thread-safe. */
final class Lines {
    /** Each place whose number divides by this goes to the job that has waited longest: low priority is not never. */
    private static final int FAIR_TURN = 16;

    private final Map<Actor<?, ?>, Line> lines = new LinkedHashMap<>();
    private long starts;
    private long arrivals;

    private record Place(Job<?, ?> job, long number) {}

    private static final class Line {
        private final Deque<Place> waiting = new ArrayDeque<>();
        private int running;
    }

    Lines(Collection<Actor<?, ?>> actors) {
        actors.forEach(actor -> lines.put(actor, new Line()));
    }

    Collection<Actor<?, ?>> actors() {
        return lines.keySet();
    }

    private Line of(Job<?, ?> job) {
        return Objects.requireNonNull(lines.get(job.actor()), "line");
    }

    void add(Job<?, ?> job) {
        of(job).waiting.add(new Place(job, arrivals++));
    }

    /** The job whose turn it is, which counts as running from now on; null if none may run. */
    @Nullable
    Job<?, ?> next() {
        boolean longest = (starts + 1) % FAIR_TURN == 0;
        Line found = null;
        long best = Long.MAX_VALUE;
        Priority highest = Priority.LOW;
        for (Map.Entry<Actor<?, ?>, Line> each : lines.entrySet()) {
            Actor<?, ?> actor = each.getKey();
            Place first = each.getValue().running < actor.maxJobs()
                    ? each.getValue().waiting.peek()
                    : null;
            if (first == null) {
                continue;
            }
            int order = longest ? 0 : actor.priority().compareTo(highest);
            if (found == null || order < 0 || (order == 0 && first.number() < best)) {
                found = each.getValue();
                best = first.number();
                highest = actor.priority();
            }
        }
        Place place = found == null ? null : found.waiting.poll();
        if (found == null || place == null) {
            return null;
        }
        found.running++;
        starts++;
        return place.job();
    }

    /** A job that ran needs its place no more. */
    void returned(Job<?, ?> job) {
        of(job).running--;
    }

    /** Empties all lines. */
    void drainTo(Collection<Job<?, ?>> jobs) {
        for (Line line : lines.values()) {
            line.waiting.forEach(place -> jobs.add(place.job()));
            line.waiting.clear();
        }
    }
}
