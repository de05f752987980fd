// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The newest lines that a server has printed, over all of its starts. Has a thread of its own while it is open. */
final class ServerLog implements AutoCloseable {
    /** Enough for a test that traces its protocol, and no burden when it traces millions of frames. */
    private static final int MAX_LINES = 2_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final ExecutorService reader;
    private long dropped;

    /**
     * @param name of the thread
     * @param kept whether it lives as long as the JVM, on purpose
     */
    ServerLog(String name, boolean kept) {
        // One thread for all starts: were there one for each, a test that restarts its class's server would leave a
        // thread.
        reader = Executors.newSingleThreadExecutor(body -> {
            Thread thread = new Thread(body, name);
            thread.setDaemon(true);
            if (kept) {
                ThreadProbe.ignore(thread);
            }
            return thread;
        });
    }

    /** Takes down what comes, until it ends with its process; the result completes then. */
    Future<?> follow(InputStream output) {
        return reader.submit(() -> readAll(output));
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }

    void readAll(InputStream output) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            // The server was killed in the middle of a line.
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            if (lines.size() == MAX_LINES) {
                lines.removeFirst();
                dropped++;
            }
            lines.addLast(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many lines there have been; a position for {@link #await}. */
    long end() {
        lock.lock();
        try {
            return dropped + lines.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Blocks until a line after the position has a match of the expression.
     *
     * @return the line, or null when none came before the deadline
     */
    @Nullable
    String await(Pattern pattern, long position, long deadlineNanos) {
        lock.lock();
        try {
            while (true) {
                String found = lines.stream()
                        .skip(Math.max(0, position - dropped))
                        .filter(line -> pattern.matcher(line).find())
                        .findFirst()
                        .orElse(null);
                if (found != null || changed.awaitNanos(deadlineNanos - System.nanoTime()) <= 0) {
                    return found;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    String text() {
        lock.lock();
        try {
            return lines.stream()
                    .collect(Collectors.joining("\n", dropped == 0 ? "" : "(" + dropped + " lines before)\n", ""));
        } finally {
            lock.unlock();
        }
    }
}
