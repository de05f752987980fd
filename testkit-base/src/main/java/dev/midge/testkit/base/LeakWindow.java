// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** The time between a baseline and its check: whatever was born in between has to be gone at the end. */
final class LeakWindow {
    private static final long FIRST_POLL_NANOS = 500_000;
    private static final long LAST_POLL_NANOS = 20_000_000;

    /**
     * What has been reported or allowed once: that concerns the test that left it, and not its class and every outer
     * class as well.
     */
    private static final Set<Object> SETTLED = ConcurrentHashMap.newKeySet();

    private final String what;
    private final Duration deadline;
    private final List<LeakCheck.Allow> allowed;
    private final List<LeakProbe> probes;
    private final List<Set<Object>> baselines = new ArrayList<>();

    /** Takes the baseline. */
    LeakWindow(String what, Duration deadline, List<LeakCheck.Allow> allowed, List<LeakProbe> probes) {
        this.what = what;
        this.deadline = deadline;
        this.allowed = allowed;
        this.probes = probes;
        for (LeakProbe probe : probes) {
            baselines.add(new HashSet<>(probe.live()));
        }
    }

    /**
     * Waits until everything is gone that can go, at most for the deadline.
     *
     * @throws AssertionError with every leak listed
     */
    void check() {
        long start = System.nanoTime();
        long poll = FIRST_POLL_NANOS;
        boolean interrupted = false;
        List<Leak> leaks = leaks();
        while (leaks.stream().anyMatch(leak -> leak.probe.canEnd()) && System.nanoTime() - start < deadline.toNanos()) {
            // What is awaited has no common event: threads, sockets and buffers end in their own ways.
            LockSupport.parkNanos(poll);
            poll = Math.min(2 * poll, LAST_POLL_NANOS);
            interrupted |= Thread.interrupted();
            leaks = leaks();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!leaks.isEmpty()) {
            leaks.forEach(leak -> SETTLED.add(leak.object));
            throw new AssertionError(text(leaks));
        }
    }

    private List<Leak> leaks() {
        List<Leak> leaks = new ArrayList<>();
        for (int i = 0; i < probes.size(); i++) {
            LeakProbe probe = probes.get(i);
            for (Object suspect : probe.live()) {
                if (!baselines.get(i).contains(suspect) && !SETTLED.contains(suspect) && probe.isLeak(suspect)) {
                    if (isAllowed(probe, suspect)) {
                        SETTLED.add(suspect);
                    } else {
                        leaks.add(new Leak(probe, suspect));
                    }
                }
            }
        }
        return leaks;
    }

    private boolean isAllowed(LeakProbe probe, Object suspect) {
        return allowed.stream()
                .map(probe::allowedBy)
                .anyMatch(regex -> !regex.isEmpty()
                        && Pattern.compile(regex).matcher(probe.name(suspect)).find());
    }

    private String text(List<Leak> leaks) {
        StringBuilder text = new StringBuilder()
                .append(leaks.size())
                .append(leaks.size() == 1 ? " leak" : " leaks")
                .append(" outlived ")
                .append(what)
                .append(", waited ")
                .append(deadline.toMillis())
                .append(" ms:");
        for (int i = 0; i < leaks.size(); i++) {
            Leak leak = leaks.get(i);
            text.append("\n  ").append(i + 1).append(") ").append(leak.probe.describe(leak.object));
        }
        return text.append("\nClose what the test opens; what has to stay is named with @LeakCheck.Allow,"
                        + " what a class shares with @LeakCheck.PerClass.")
                .toString();
    }

    private record Leak(LeakProbe probe, Object object) {}
}
