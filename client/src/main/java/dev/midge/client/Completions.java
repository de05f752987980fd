// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.OutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Completes the futures of requests on the executor: one task there works off what comes meanwhile, as the start of one
 * for each costs more than all the rest of a request. What one burst of reads brings is handed over at its end: a thread
 * that starts earlier is in the way of the event loop, as they share locks. What hangs on a future may block, even for another future behind it:
 * when some have waited for a while, another task helps.
 */
final class Completions implements Runnable {
    /** How long a completion waits, about, until another task is started. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** As many as are worked off in that time at least, when nothing blocks. */
    private static final int FAST = 16;

    private final Resources resources;
    private final Lifecycle lifecycle;
    private final OutboundBuffer outbound;
    private final Runnable watch = this::watch;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int running;
    private boolean starting;
    private long done;
    private boolean watched;
    private boolean closed;

    // Of the event loop.
    private final List<Runnable> gathered = new ArrayList<>();
    private final List<Runnable> behindReads = new ArrayList<>();
    private boolean reading;
    private long doneBefore;
    private @Nullable ScheduledFuture<?> timer;

    Completions(Resources resources, Lifecycle lifecycle, OutboundBuffer outbound) {
        this.resources = resources;
        this.outbound = outbound;
        this.lifecycle = lifecycle;
    }

    /** On the event loop: what is added there from now on waits for {@link #readComplete}. */
    void readStarted() {
        reading = true;
    }

    /** On the event loop: hands over what came with a burst of reads, all at once. */
    void readComplete() {
        reading = false;
        if (!behindReads.isEmpty()) {
            List<Runnable> all = List.copyOf(behindReads);
            behindReads.clear();
            all.forEach(Runnable::run);
        }
        if (!gathered.isEmpty()) {
            List<Runnable> all = List.copyOf(gathered);
            gathered.clear();
            handOver(all);
        }
    }

    /**
     * On the event loop, during a burst of reads: runs this at its end, also there, and before what is completed sees that.
     * At once on any other thread, or else.
     */
    void behindReads(Runnable task) {
        if (resources.eventLoop().inEventLoop() && reading) {
            behindReads.add(task);
        } else {
            task.run();
        }
    }

    /** From any thread. */
    void add(Runnable completion) {
        if (resources.eventLoop().inEventLoop() && reading) {
            gathered.add(completion);
        } else {
            handOver(List.of(completion));
        }
    }

    private void handOver(List<Runnable> completions) {
        boolean alone;
        boolean start = false;
        boolean startWatch = false;
        lock.lock();
        try {
            alone = closed;
            if (!alone) {
                waiting.addAll(completions);
                start = running == 0;
                startWatch = !watched && (!start || waiting.size() > 1);
                running += start ? 1 : 0;
                starting |= start;
                watched |= startWatch;
            }
        } finally {
            lock.unlock();
        }
        if (alone) {
            completions.forEach(resources::run);
            return;
        }
        if (startWatch) {
            lifecycle.onLoop(watch);
        }
        if (start) {
            resources.run(this);
        }
    }

    @Override
    public void run() {
        int behind = 0; // of a burst, whose messages leave together
        for (Runnable next = next(true); next != null; next = next(false)) {
            boolean last = behind == 1;
            behind = behind > 0 ? behind - 1 : hold();
            next.run();
            if (last) {
                outbound.letGo();
            }
        }
        if (behind > 0) {
            outbound.letGo(); // another task has helped
        }
    }

    private int hold() {
        int more;
        lock.lock();
        try {
            more = waiting.size();
        } finally {
            lock.unlock();
        }
        if (more > 0) {
            outbound.hold();
        }
        return more;
    }

    private @Nullable Runnable next(boolean first) {
        lock.lock();
        try {
            starting &= !first;
            Runnable next = waiting.poll();
            if (next == null) {
                running--;
            } else {
                done++;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** On the event loop, again and again while something waits. */
    private void watch() {
        boolean help;
        lock.lock();
        try {
            watched = !waiting.isEmpty() && !closed;
            if (!watched) {
                timer = null;
                return;
            }
            help = !starting && timer != null && done - doneBefore < FAST;
            running += help ? 1 : 0;
            starting |= help;
            doneBefore = done;
        } finally {
            lock.unlock();
        }
        timer = resources.eventLoop().schedule(watch, PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        if (help) {
            resources.run(this);
        }
    }

    /** On the event loop: nothing is watched any more, so each completion gets a task of its own. */
    void close() {
        readComplete();
        ArrayDeque<Runnable> rest;
        lock.lock();
        try {
            closed = true;
            rest = waiting.clone();
            waiting.clear();
        } finally {
            lock.unlock();
        }
        if (timer != null) {
            timer.cancel(false);
        }
        rest.forEach(resources::run);
    }
}
