// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What came in one direction since {@link ProxyDirection#record}, as its sender sent it: before anything happened to
 * it. Grows until it has reached the proxy's limit. Thread-safe.
 */
public final class Recording {
    private final long limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Tape> tapes = new TreeMap<>();
    private final List<Whole> frames = new ArrayList<>();
    private long size;
    private boolean full;

    /** A frame on a tape. */
    private record Whole(int connection, Frame kind, int from, int to) {}

    /** The bytes of a connection. */
    private static final class Tape {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        /** Where the frame begins that comes next; -1 if the beginning is not on the tape. */
        int frameStart;

        Tape(int frameStart) {
            this.frameStart = frameStart;
        }
    }

    Recording(long limit) {
        this.limit = limit;
    }

    /** The whole frames so far, in the order in which they ended. */
    public List<RecordedFrame> frames() {
        lock.lock();
        try {
            Map<Integer, String> texts = new TreeMap<>();
            tapes.forEach((connection, tape) -> texts.put(connection, tape.bytes.toString(ISO_8859_1)));
            List<RecordedFrame> all = new ArrayList<>(frames.size());
            for (Whole frame : frames) {
                String text = texts.getOrDefault(frame.connection, "");
                all.add(new RecordedFrame(frame.connection, frame.kind, text.substring(frame.from, frame.to)));
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    /**
     * All bytes of a connection so far, whether they are frames or not.
     *
     * @param connection of the connections that clients made, from 1 on; one that sent nothing has no bytes
     */
    public byte[] bytes(int connection) {
        lock.lock();
        try {
            Tape tape = tapes.get(connection);
            return tape == null ? new byte[0] : tape.bytes.toByteArray();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is missing: false once the proxy's limit was reached, from where on nothing is recorded. */
    public boolean isComplete() {
        lock.lock();
        try {
            return !full;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Something came.
     *
     * @param frameBegins it is the beginning of a frame
     * @param ended the kind of frame that ends with it, if one does
     */
    void add(int connection, byte[] bytes, int from, int to, boolean frameBegins, @Nullable Frame ended) {
        lock.lock();
        try {
            full |= size + to - from > limit;
            if (full) {
                return;
            }
            Tape tape = tapes.computeIfAbsent(connection, number -> new Tape(-1));
            if (frameBegins) {
                tape.frameStart = tape.bytes.size();
            }
            tape.bytes.write(bytes, from, to - from);
            size += to - from;
            if (ended != null && tape.frameStart >= 0) {
                frames.add(new Whole(connection, ended, tape.frameStart, tape.bytes.size()));
            }
        } finally {
            lock.unlock();
        }
    }
}
