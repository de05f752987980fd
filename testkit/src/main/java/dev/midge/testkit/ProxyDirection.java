// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a {@link FrameProxy}, in all of its connections: what was seen, and what is to happen. Settings can be
 * changed at any time and count at once, but for what is being written at the moment. Thread-safe; nothing blocks but
 * where it says so.
 */
public final class ProxyDirection {
    private final boolean towardsServer;
    private final ProxySettings settings;
    private final Signal signal;
    private final ReentrantLock lock = new ReentrantLock();

    /** Replaced under the lock, never changed. */
    private volatile List<Fault> faults = List.of();

    private volatile boolean held;
    private volatile int split = Integer.MAX_VALUE;
    private volatile boolean splitRandomly;
    private volatile long rate = Long.MAX_VALUE;
    private volatile @Nullable Recording recording;

    private final AtomicLong releases = new AtomicLong();
    private final FrameCounts seen = new FrameCounts();
    private final FrameCounts passed = new FrameCounts();
    private final AtomicLong seenBytes = new AtomicLong();
    private final AtomicLong passedBytes = new AtomicLong();

    ProxyDirection(boolean towardsServer, ProxySettings settings, Signal signal) {
        this.towardsServer = towardsServer;
        this.settings = settings;
        this.signal = signal;
    }

    /**
     * The place in front of a byte.
     *
     * @param offset how many bytes of the connection come before it, as their sender sent them
     * @throws IllegalArgumentException if it is negative
     */
    public FaultPoint at(long offset) {
        FrameProxy.checkNotNegative("offset", offset);
        return new FaultPoint(this, new Place.AtByte(offset), 0);
    }

    /**
     * A frame.
     *
     * @param ordinal which one of its kind in the connection, from 1 on
     * @throws IllegalArgumentException if that kind is not sent in this direction, or the ordinal is not positive
     * @throws IllegalStateException if the proxy looks at bytes only
     */
    public FaultPoint at(Frame kind, long ordinal) {
        return frames(kind, FrameProxy.checkPositive("ordinal", ordinal), 1);
    }

    /**
     * Each frame of a kind.
     *
     * @throws IllegalArgumentException if that kind is not sent in this direction
     * @throws IllegalStateException if the proxy looks at bytes only
     */
    public FaultPoint each(Frame kind) {
        return frames(kind, 0, 1);
    }

    /**
     * Some frames of a kind, which the seed selects.
     *
     * @param probability of each one
     * @throws IllegalArgumentException if that kind is not sent in this direction, or the probability is not between 0
     *     and 1
     * @throws IllegalStateException if the proxy looks at bytes only
     */
    public FaultPoint some(Frame kind, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability is " + probability + ": must be 0 to 1");
        }
        return frames(kind, 0, probability);
    }

    private FaultPoint frames(Frame kind, long ordinal, double probability) {
        Objects.requireNonNull(kind, "kind");
        if (!kind.isSent(towardsServer)) {
            throw new IllegalArgumentException("kind is " + kind + ": must be one that is sent towards the " + name()
                    + ": " + Frame.sent(towardsServer));
        }
        if (settings.bytesOnly()) {
            throw new IllegalStateException("a rule for " + kind
                    + " frames, in a proxy that looks at bytes only: use at(offset), or build the proxy without"
                    + " bytesOnly()");
        }
        return new FaultPoint(this, new Place.AtFrame(kind, ordinal, -1, probability), 0);
    }

    /**
     * Passes what comes in writes of at most so many bytes, without delay between them: a receiver that is slower than
     * the proxy still reads several at once. Default is as it came.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public ProxyDirection split(int bytes) {
        split = (int) FrameProxy.checkPositive("bytes", bytes);
        splitRandomly = false;
        return this;
    }

    /**
     * As {@link #split}, with sizes from 1 to that many bytes. The seed selects them; so the places are the same
     * whatever the pieces in which the bytes come.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public ProxyDirection splitRandomly(int maxBytes) {
        split = (int) FrameProxy.checkPositive("maxBytes", maxBytes);
        splitRandomly = true;
        return this;
    }

    /**
     * Passes at most so many bytes a second, in each connection. The sender is held up by TCP: the proxy reads no more
     * than a buffer of 64 KiB before it has passed it on. Default is no limit.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public ProxyDirection limit(long bytesPerSecond) {
        rate = FrameProxy.checkPositive("bytesPerSecond", bytesPerSecond);
        return this;
    }

    /**
     * Stops, until {@link #release}: nothing is read any more, nothing written, and that a side has gone is not noticed.
     * What was being read at the moment waits too.
     */
    public void hold() {
        held = true;
        signal.changed();
    }

    /** Goes on, where {@link #hold} or a rule stopped this direction. */
    public void release() {
        held = false;
        releases.incrementAndGet();
        signal.changed();
    }

    /**
     * Begins to keep what comes in this direction, in all connections. The recording before this one grows no more.
     */
    public Recording record() {
        Recording started = new Recording(settings.recordLimit());
        recording = started;
        return started;
    }

    /** How many whole frames of a kind came from their senders, in all connections. */
    public long seen(Frame kind) {
        return seen.get(kind);
    }

    /** How many of those were passed on, whole; the system may still lose them where a connection is reset. */
    public long passed(Frame kind) {
        return passed.get(kind);
    }

    /** How many bytes came from their senders, in all connections. */
    public long seenBytes() {
        return seenBytes.get();
    }

    /** How many bytes were passed on, in all connections. */
    public long passedBytes() {
        return passedBytes.get();
    }

    /** Blocks until so many whole frames of a kind have come, and returns whether they have within the time. */
    public boolean awaitSeen(Frame kind, long count, Duration time) throws InterruptedException {
        return signal.await(() -> seen(kind) >= count, time);
    }

    /** Removes all rules, and undoes all settings: this direction passes what comes as it comes. */
    public void reset() {
        lock.lock();
        try {
            faults.forEach(Fault::remove);
            faults = List.of();
        } finally {
            lock.unlock();
        }
        split = Integer.MAX_VALUE;
        splitRandomly = false;
        rate = Long.MAX_VALUE;
        release();
    }

    Fault add(Place place, Action action, int connection) {
        lock.lock();
        try {
            List<Fault> all = new ArrayList<>(faults);
            all.removeIf(Fault::isRemoved);
            Fault fault = new Fault(settings.nextFaultId(), place, action, connection, signal);
            all.add(fault);
            faults = List.copyOf(all);
            return fault;
        } finally {
            lock.unlock();
        }
    }

    /** In the order in which they were added. */
    List<Fault> faults() {
        return faults;
    }

    boolean isTowardsServer() {
        return towardsServer;
    }

    String name() {
        return towardsServer ? "server" : "client";
    }

    ProxySettings settings() {
        return settings;
    }

    Signal signal() {
        return signal;
    }

    boolean isHeld() {
        return held;
    }

    /** Whatever a rule held before this changed is free. */
    long releases() {
        return releases.get();
    }

    int split() {
        return split;
    }

    boolean splitsRandomly() {
        return splitRandomly;
    }

    long rate() {
        return rate;
    }

    @Nullable
    Recording recording() {
        return recording;
    }

    void bytesSeen(int count) {
        seenBytes.addAndGet(count);
    }

    void bytesPassed(int count) {
        passedBytes.addAndGet(count);
    }

    void frameSeen(Frame kind) {
        seen.add(kind, 1);
    }

    void framesPassed(Frame kind, int count) {
        passed.add(kind, count);
    }
}
