// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds where frames begin and end, and of what kind they are, in the bytes of one direction; no more than that. What
 * does not begin like a frame of that direction makes the stream opaque for good: TLS, WebSocket, garbage.
 */
final class FrameSplitter {
    /** A body larger than a server can be told to accept: what says so is no frame. */
    private static final long MAX_BODY = 1L << 31;

    private enum State {
        /** A control line is next, or is incomplete. */
        LINE,
        /** The control line was completed by the last call. */
        LINE_COMPLETE,
        BODY,
        OPAQUE
    }

    private final boolean towardsServer;
    private final int maxLine;
    private State state = State.LINE;
    private byte[] line = new byte[256];
    private int lineLength;
    private @Nullable Frame kind;
    private long bodyLeft;
    private long frameLength;
    private boolean frameEnded;

    FrameSplitter(boolean towardsServer, int maxLine, boolean opaque) {
        this.towardsServer = towardsServer;
        this.maxLine = maxLine;
        if (opaque) {
            state = State.OPAQUE;
        }
    }

    /** The next byte is the first one of a frame. */
    boolean isAtFrameStart() {
        return frameEnded || (state == State.LINE && lineLength == 0);
    }

    /** The last call completed a control line: {@link #line}, {@link #kind} and {@link #frameLength} are known. */
    boolean isLineComplete() {
        return state == State.LINE_COMPLETE;
    }

    /** The last call came to the end of a frame. */
    boolean isFrameEnded() {
        return frameEnded;
    }

    boolean isOpaque() {
        return state == State.OPAQUE;
    }

    /** What there is of a control line, in the first {@link #lineLength} bytes. */
    byte[] line() {
        return line;
    }

    int lineLength() {
        return lineLength;
    }

    /** The kind of the frame whose control line is complete. */
    Frame kind() {
        Frame known = kind;
        if (known == null) {
            throw new IllegalStateException("no control line is complete");
        }
        return known;
    }

    /** How long that frame is in all. */
    long frameLength() {
        return frameLength;
    }

    /**
     * Reads on, at most to the end of a control line, or of a body.
     *
     * @return the index behind what it read, at most {@code to}
     */
    int scan(byte[] bytes, int from, int to) {
        if (state == State.LINE_COMPLETE) {
            state = frameEnded ? State.LINE : State.BODY;
            lineLength = 0;
        }
        frameEnded = false;
        return switch (state) {
            case BODY -> body(from, to);
            case OPAQUE -> to;
            default -> line(bytes, from, to);
        };
    }

    private int body(int from, int to) {
        int length = (int) Math.min(bodyLeft, to - from);
        bodyLeft -= length;
        if (bodyLeft == 0) {
            frameEnded = true;
            state = State.LINE;
        }
        return from + length;
    }

    private int line(byte[] bytes, int from, int to) {
        int end = from;
        while (end < to && bytes[end] != '\n') {
            end++;
        }
        boolean complete = end < to;
        end += complete ? 1 : 0;
        append(bytes, from, end);
        if (lineLength > maxLine || !Frame.mayBegin(line, lineLength, towardsServer)) {
            state = State.OPAQUE;
        } else if (complete) {
            lineComplete();
        }
        return end;
    }

    private void append(byte[] bytes, int from, int to) {
        int length = to - from;
        if (line.length - lineLength < length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, lineLength + length));
        }
        System.arraycopy(bytes, from, line, lineLength, length);
        lineLength += length;
    }

    private void lineComplete() {
        kind = Frame.of(line, lineLength, towardsServer);
        long body = kind == null ? -1 : kind.hasBody() ? lastNumber() : 0;
        if (body < 0 || body > MAX_BODY) {
            state = State.OPAQUE;
            return;
        }
        bodyLeft = kind().hasBody() ? body + 2 : 0;
        frameLength = lineLength + bodyLeft;
        frameEnded = bodyLeft == 0;
        state = State.LINE_COMPLETE;
    }

    /** The last argument of the line, which is the length of the body; -1 if it is no number. */
    private long lastNumber() {
        int end = lineLength;
        while (end > 0 && line[end - 1] <= ' ') {
            end--;
        }
        long number = 0;
        int at = end;
        for (long scale = 1; at > 0 && line[at - 1] > ' '; at--, scale *= 10) {
            int digit = line[at - 1] - '0';
            if (digit < 0 || digit > 9 || end - at > 10) {
                return -1;
            }
            number += digit * scale;
        }
        return number;
    }
}
