// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Writes what one direction of a connection passes on, and lets faults happen at their bytes. Counts bytes as their
 * sender does, so what was dropped counts too. Used by the thread of its {@link Pump} only, but for {@link #hold}.
 */
final class Outlet {
    private static final Duration FOREVER = Duration.ofDays(36_500);

    /** What a limited direction writes at once: that much time's worth. */
    private static final long RATE_PIECES_PER_SECOND = 100;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** As much as a pump reads at once. */
    private static final int STAGE_BYTES = 64 << 10;

    private final ProxyDirection direction;
    private final ProxiedConnection connection;
    private final OutputStream out;
    private final Random sizes;
    private final Map<Fault, Random> chances = new HashMap<>();

    /** What nothing is going to happen to, to be written at once: frames come by the hundred in a read. */
    private final byte[] staged = new byte[STAGE_BYTES];

    private final Map<Frame, Integer> stagedFrames = new EnumMap<>(Frame.class);
    private int stagedLength;

    /** What is going to happen, the next first. */
    private final PriorityQueue<Trigger> triggers = new PriorityQueue<>(
            Comparator.comparingLong(Trigger::offset).thenComparingLong(trigger -> trigger.fault.id()));

    private List<Fault> known = List.of();
    private List<Fault> frameFaults = List.of();
    private long lastKnown = -1;
    private long offset;
    private long dropUntil;
    private long dropped;
    private int pieceLeft;
    private long freeAt = System.nanoTime();

    /** The count of releases at which a rule stopped this direction; -1 if none did. */
    private volatile long heldAt = -1;

    /** Something that happens at a byte, and to as many as it says. */
    record Trigger(long offset, long length, Fault fault) {}

    Outlet(ProxyDirection direction, ProxiedConnection connection, OutputStream out) {
        this.direction = direction;
        this.connection = connection;
        this.out = out;
        this.sizes = random(-1);
    }

    private Random random(long purpose) {
        return new Random(direction.settings().seedFor(connection.number(), direction.isTowardsServer(), purpose));
    }

    /** Any thread. */
    void hold() {
        heldAt = direction.releases();
        direction.signal().changed();
    }

    ProxiedConnection connection() {
        return connection;
    }

    /** What comes before that offset is left out. */
    void dropUntil(long end) {
        dropUntil = Math.max(dropUntil, end);
    }

    /** Waits, but not for longer than the connection lasts. */
    void pause(Duration time) throws InterruptedException {
        direction.signal().await(connection::isOver, time);
    }

    private boolean isHeld() {
        return direction.isHeld() || heldAt == direction.releases();
    }

    /** Waits while this direction is stopped. */
    void awaitOpen() throws InterruptedException {
        if (isHeld()) {
            direction.signal().await(() -> connection.isOver() || !isHeld(), FOREVER);
        }
    }

    /** Rules for frames there are now, for this connection. */
    List<Fault> frameFaults() {
        learn();
        return frameFaults;
    }

    /** How many bytes were left out. */
    long dropped() {
        return dropped;
    }

    /** The next byte is the first one of this frame. */
    void frame(Frame kind, long ordinal, long length) {
        for (Fault fault : frameFaults) {
            Place.AtFrame at = (Place.AtFrame) fault.place();
            if (at.isAt(kind, ordinal) && at.plus() < length && isChosen(fault, at)) {
                boolean whole = at.plus() < 0;
                if (whole && fault.action() instanceof Action.Corrupt) {
                    long bytes = Math.min(length, Integer.MAX_VALUE);
                    triggers.add(new Trigger(offset + chance(fault).nextInt((int) bytes), 1, fault));
                } else {
                    triggers.add(new Trigger(offset + Math.max(0, at.plus()), whole ? length : 1, fault));
                }
            }
        }
    }

    private boolean isChosen(Fault fault, Place.AtFrame at) {
        return at.probability() >= 1 || chance(fault).nextDouble() < at.probability();
    }

    /** What decides about this rule in this connection. */
    Random chance(Fault fault) {
        return chances.computeIfAbsent(fault, unused -> random(fault.id()));
    }

    /** Rules that were added since the last look. */
    private void learn() {
        List<Fault> now = direction.faults();
        if (now == known) {
            return;
        }
        known = now;
        List<Fault> frames = new ArrayList<>();
        for (Fault fault : now) {
            if (fault.concerns(connection.number())) {
                if (fault.place() instanceof Place.AtFrame) {
                    frames.add(fault);
                } else if (fault.id() > lastKnown && ((Place.AtByte) fault.place()).offset() >= offset) {
                    triggers.add(new Trigger(((Place.AtByte) fault.place()).offset(), 1, fault));
                }
            }
            lastKnown = Math.max(lastKnown, fault.id());
        }
        frameFaults = frames;
    }

    /**
     * Passes bytes on, which faults may change where they are. What nothing happens to may wait for {@link #flush}.
     *
     * @return false if the connection has ended, here or elsewhere
     * @throws IOException if the receiver is gone
     */
    boolean pass(byte[] bytes, int from, int to) throws IOException, InterruptedException {
        int at = from;
        while (at < to) {
            if (!happen(bytes, at)) {
                return false;
            }
            Trigger next = triggers.peek();
            long length = next == null ? to - at : Math.min(to - at, next.offset - offset);
            if (offset < dropUntil) {
                length = Math.min(length, dropUntil - offset);
                dropped += length;
            } else if (!write(bytes, at, (int) length)) {
                return false;
            }
            offset += length;
            at += (int) length;
        }
        return true;
    }

    /** A frame has passed, whole: counts it once it is written. */
    void framePassed(Frame kind) {
        if (stagedLength == 0) {
            direction.framesPassed(kind, 1);
        } else {
            stagedFrames.merge(kind, 1, Integer::sum);
        }
    }

    /** Writes what waits to be; false if the connection has ended. */
    boolean flush() throws IOException, InterruptedException {
        if (stagedLength > 0) {
            int length = stagedLength;
            awaitOpen();
            stagedLength = 0;
            if (!connection.isOver()) {
                writeStaged(length);
            }
            stagedFrames.clear();
        }
        return !connection.isOver();
    }

    /** Whoever has received something finds it counted, so it is counted first. */
    private void writeStaged(int length) throws IOException {
        stagedFrames.forEach(direction::framesPassed);
        boolean written = false;
        try {
            put(staged, 0, length);
            written = true;
        } finally {
            if (!written) {
                stagedFrames.forEach((kind, count) -> direction.framesPassed(kind, -count));
            }
        }
    }

    private void put(byte[] bytes, int from, int length) throws IOException {
        direction.bytesPassed(length);
        boolean written = false;
        try {
            out.write(bytes, from, length);
            written = true;
        } finally {
            if (!written) {
                direction.bytesPassed(-length);
            }
        }
    }

    /** Lets happen what does so behind the last byte that passed; false if the connection has ended. */
    boolean settle() throws IOException, InterruptedException {
        learn();
        while (!connection.isOver()) {
            Trigger trigger = triggers.peek();
            if (trigger == null
                    || trigger.offset > offset
                    || trigger.fault.action().needsByte()) {
                return true;
            }
            triggers.remove();
            happen(trigger, new byte[0], 0);
        }
        return false;
    }

    private boolean happen(byte[] bytes, int at) throws IOException, InterruptedException {
        learn();
        while (!connection.isOver()) {
            Trigger trigger = triggers.peek();
            if (trigger == null || trigger.offset > offset) {
                return true;
            }
            triggers.remove();
            happen(trigger, bytes, at);
        }
        return false;
    }

    private void happen(Trigger trigger, byte[] bytes, int at) throws IOException, InterruptedException {
        Fault fault = trigger.fault;
        if (fault.isRemoved() || !flush()) {
            return;
        }
        boolean isEnd = fault.action() instanceof Action.End;
        if (isEnd) {
            fault.happened(); // whoever sees the end sees the count
        }
        fault.action().happen(this, trigger, bytes, at);
        if (!isEnd) {
            fault.happened();
        }
    }

    /** False if the connection has ended. */
    private boolean write(byte[] bytes, int from, int length) throws IOException, InterruptedException {
        if (stagedLength + length > STAGE_BYTES && !flush()) {
            return false;
        }
        boolean asIs = direction.split() == Integer.MAX_VALUE && direction.rate() == Long.MAX_VALUE;
        if (!asIs || length > STAGE_BYTES) {
            return flush() && writePieces(bytes, from, length);
        }
        System.arraycopy(bytes, from, staged, stagedLength, length);
        stagedLength += length;
        return true;
    }

    /** In pieces, at the time that is due; false if the connection has ended. */
    private boolean writePieces(byte[] bytes, int from, int length) throws IOException, InterruptedException {
        int at = from;
        int left = length;
        while (left > 0) {
            awaitOpen();
            int piece = Math.min(left, nextPiece());
            piece = awaitRate(piece);
            if (connection.isOver()) {
                return false;
            }
            put(bytes, at, piece);
            pieceLeft -= piece;
            at += piece;
            left -= piece;
        }
        return true;
    }

    private int nextPiece() {
        int split = direction.split();
        if (pieceLeft <= 0 || pieceLeft > split) {
            pieceLeft = direction.splitsRandomly() ? 1 + sizes.nextInt(split) : split;
        }
        return pieceLeft;
    }

    /** Waits until more may be written, and returns how much of that. */
    private int awaitRate(int wanted) throws InterruptedException {
        long rate = direction.rate();
        if (rate == Long.MAX_VALUE) {
            return wanted;
        }
        int piece = (int) Math.min(wanted, Math.max(1, rate / RATE_PIECES_PER_SECOND));
        long now = System.nanoTime();
        if (freeAt - now > 0) {
            pause(Duration.ofNanos(freeAt - now));
            now = System.nanoTime();
        }
        // What was not used in the past is not made up for, but for the time that waking up takes.
        freeAt = Math.max(freeAt, now - NANOS_PER_SECOND / RATE_PIECES_PER_SECOND)
                + (long) ((double) piece / rate * NANOS_PER_SECOND);
        return piece;
    }
}
