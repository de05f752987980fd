// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Reads what a client sends and forgets messages as fast as that can be done: one whose control line ends as that of the one
 * before is as long as it, and is not looked at any further.
 */
final class SinkFrames {
    private static final int BUFFER = 256 << 10;

    /** So many bytes at the end of a control line tell what comes behind it. */
    private static final int TAIL = Long.BYTES;

    /** Takes other lines than those of messages. */
    interface Lines {
        void line(String line) throws IOException;
    }

    private final Lines lines;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);

    /** Of the last message: the length of its control line and of the whole frame, and how the line ends. */
    private int lineLength = BUFFER;

    private int frameLength;
    private long lineTail;

    /** Of a frame that has begun: what has not come yet. */
    private long missing;

    SinkFrames(Lines lines) {
        this.lines = lines;
    }

    /** Reads once; false when there is no more. */
    boolean readFrom(SocketChannel channel) throws IOException {
        if (channel.read(in) < 0) {
            return false;
        }
        int end = in.position();
        int position = (int) Math.min(missing, end);
        missing -= position;
        while (missing == 0) {
            int next = frame(position, end);
            if (next == position) {
                break;
            }
            position = Math.min(next, end);
            missing = (long) next - position;
        }
        in.limit(end).position(position);
        in.compact();
        return true;
    }

    /** Where the frame that begins here ends, which may be behind the end; here, when its control line is not whole. */
    private int frame(int from, int end) throws IOException {
        if (from + lineLength <= end && isMessage(from) && in.getLong(from + lineLength - TAIL) == lineTail) {
            return from + frameLength;
        }
        int lineEnd = from;
        while (lineEnd < end && in.get(lineEnd) != '\n') {
            lineEnd++;
        }
        if (lineEnd == end) {
            return from;
        }
        byte[] bytes = new byte[lineEnd - from];
        in.get(from, bytes);
        String line = new String(bytes, US_ASCII).stripTrailing();
        if (!isMessage(from)) {
            lines.line(line);
            return lineEnd + 1;
        }
        lineLength = lineEnd + 1 - from;
        frameLength = lineLength + Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)) + "\r\n".length();
        lineTail = in.getLong(from + lineLength - TAIL);
        return from + frameLength;
    }

    private boolean isMessage(int from) {
        byte first = in.get(from);
        return first == 'H' || (first == 'P' && in.get(from + 1) == 'U');
    }
}
