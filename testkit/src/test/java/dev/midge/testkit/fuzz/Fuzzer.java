// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.fuzz;

import java.time.Duration;
import java.util.Random;

/**
 * Runs something again and again, each time with a seed of its own, and tells the seed of what failed. A run that does
 * not come to an end is told by a thread that watches.
 *
 * <p>Continuous fuzzing is asked for by Maven's {@code -Pfuzz}, and of other length by {@code -Dmidge.fuzz.seconds=300}
 * besides; one seed is repeated by {@code -Dmidge.fuzz.seed=...} instead.
 */
public final class Fuzzer {
    /** The tag of tests that go on for long: left out, unless Maven has {@code -Pfuzz}. */
    public static final String CONTINUOUS = "continuous";

    private static final String SECONDS = "midge.fuzz.seconds";

    private static final Duration HANG = Duration.ofSeconds(10);
    private static final long REPORT_NANOS = 30_000_000_000L;

    private final String name;
    private final Target target;
    private volatile long seed;
    private volatile long begun;
    private volatile boolean over;

    /** What is fuzzed. */
    public interface Target {
        /**
         * One execution, which depends on the Random alone.
         *
         * @throws Exception or an Error: a finding
         */
        void run(Random random) throws Exception;
    }

    public Fuzzer(String name, Target target) {
        this.name = name;
        this.target = target;
    }

    /** The seeds from 0 on, so many: the same at each call. */
    public void seeds(int count) throws InterruptedException {
        watched(() -> {
            for (int i = 0; i < count; i++) {
                execute(i);
            }
        });
    }

    /** For as long as {@value #SECONDS} says, or the one seed; tells how it goes. */
    public void continuously() throws InterruptedException {
        String one = System.getProperty("midge.fuzz.seed");
        if (one != null) {
            watched(() -> execute(Long.parseLong(one)));
            return;
        }
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(Long.getLong(SECONDS, 0)).toNanos();
        long first = new Random().nextLong(); // those of the fixed corpus have been tried
        watched(() -> {
            long executions = 0;
            long reported = start;
            while (System.nanoTime() - end < 0) {
                execute(first + executions);
                executions++;
                if (System.nanoTime() - reported > REPORT_NANOS) {
                    reported = System.nanoTime();
                    report(executions, reported - start);
                }
            }
            report(executions, System.nanoTime() - start);
        });
    }

    private void report(long executions, long nanos) {
        System.out.printf("fuzz %s: %,d executions in %,d s, 0 findings%n", name, executions, nanos / 1_000_000_000);
    }

    private void execute(long number) {
        begun = System.nanoTime();
        seed = number;
        try {
            target.run(new Random(number));
        } catch (Exception | Error e) {
            throw new AssertionError(
                    "fuzz " + name + ": finding with seed " + number + " (-Dmidge.fuzz.seed=" + number + "): " + e, e);
        }
    }

    private void watched(Runnable executions) throws InterruptedException {
        begun = System.nanoTime();
        Thread fuzzing = Thread.currentThread();
        Thread watch = new Thread(() -> watch(fuzzing), "fuzz-watch");
        watch.setDaemon(true);
        watch.start();
        try {
            executions.run();
        } finally {
            over = true;
            watch.interrupt();
            watch.join();
        }
    }

    private void watch(Thread fuzzing) {
        while (!over) {
            try {
                fuzzing.join(1000);
            } catch (InterruptedException e) {
                return;
            }
            if (System.nanoTime() - begun > HANG.toNanos()) {
                System.err.println("fuzz " + name + ": seed " + seed + " does not end:");
                for (StackTraceElement element : fuzzing.getStackTrace()) {
                    System.err.println("\tat " + element);
                }
                return; // the test's own time-out ends it
            }
        }
    }
}
