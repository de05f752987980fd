// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frames that a server sends in the bytes that arrive: INFO, MSG, HMSG, PING, PONG, +OK, -ERR (verbs in any
 * case, spaces and tabs between arguments). It keeps what is incomplete and goes on where it stopped, so a frame that
 * arrives byte by byte costs linear time.
 *
 * <p>Control lines and small bodies are read in a small array, the window, into which the receive buffer is copied
 * piece by piece: reading an array is what the JVM does best, and a frame cut by the end of a receive buffer simply
 * continues in the window. Bodies that do not fit are used where they lie in the receive buffer, and if they are still
 * to arrive are gathered in one buffer of their exact size. Nothing is allocated for a frame otherwise.
 *
 * <p>Not thread-safe: to be used by the event loop of its connection only.
 */
public final class FrameDecoder implements AutoCloseable {
    /** Holds some dozens of small frames: big enough to make copying cheap, small enough for the first-level cache. */
    static final int WINDOW = 4096;

    /** What is copied into the window while bodies are large and are not going to be read there. */
    private static final int SMALL_FILL = 256;

    /** From this size on a body counts as large. */
    private static final int LARGE_BODY = 512;

    /** "NATS/1.0" and two line ends. */
    private static final int MIN_HEADER_BYTES = 12;

    /** How many bytes of a body are quoted when what comes behind it is wrong. */
    private static final int QUOTED_BODY = 14;

    private static final String BODY_END = "the body of a message does not end with CR LF";

    private enum State {
        /** A control line is next or has begun. */
        LINE,
        /** The control line of a message has been read, its body is to be completed in the window. */
        BODY_IN_WINDOW,
        /** Likewise, in {@link #gathered}. */
        BODY_GATHERED,
        /** There was something outside the grammar or over a limit, see {@link #failure}. */
        FAILED,
        /** {@link #close} was called. */
        CLOSED
    }

    private final ProtocolLimits limits;
    private final ByteBufAllocator allocator;
    private final MessageView view;
    private final ControlLine controlLine = new ControlLine();

    private State state = State.LINE;
    private byte[] window = new byte[WINDOW + ControlLine.SLACK];
    /** The unread part of the window. */
    private int start;

    private int end;
    /** There is no line feed in the window from start to here. */
    private int scanned;
    /** How many bytes at the end of the window were copied from the receive buffer now being read. */
    private int fromInput;
    /** Where the body starts in the window while its control line has been read. */
    private int bodyStart;

    private boolean bodiesAreLarge;
    private boolean paused;
    private @Nullable ByteBuf gathered;
    private @Nullable String failure;

    /**
     * A decoder at the start of a connection.
     *
     * @param limits what the peer may send
     * @param allocator gives the buffers for bodies that arrive in pieces
     */
    public FrameDecoder(ProtocolLimits limits, ByteBufAllocator allocator) {
        this.limits = limits;
        this.allocator = allocator;
        this.view = new MessageView(allocator);
    }

    /**
     * Reads all of {@code in}, or up to the frame at which the sink called {@link #pause} or {@link #close}, and tells
     * the sink of each frame. Does not release {@code in}. What the sink throws comes out of here and leaves the decoder
     * behind the frame in question.
     *
     * @throws ProtocolException if the bytes are outside the grammar or over a limit, and at every call after that
     */
    public void decode(ByteBuf in, FrameSink sink) {
        fromInput = 0;
        try {
            while (!paused && step(in, sink)) {
                // each step is one frame, or more input in the window
            }
        } finally {
            view.forgetBody();
        }
    }

    /**
     * Stops {@link #decode} behind the current frame. Of what is left of its input some may have been taken over: the
     * caller goes on at the reader index.
     */
    public void pause() {
        paused = true;
    }

    /** Undoes {@link #pause}. The caller goes on with {@link #decode}, with an empty buffer if it has no other. */
    public void resume() {
        paused = false;
    }

    /** Whether everything that was read has been decoded: nothing of a next frame is here. */
    public boolean isAtStart() {
        return state == State.LINE && start == end;
    }

    /** Releases what is held of an incomplete frame. After this {@link #decode} does nothing. */
    @Override
    public void close() {
        state = State.CLOSED;
        releaseGathered();
    }

    private void releaseGathered() {
        ByteBuf buffer = gathered;
        if (buffer != null) {
            gathered = null;
            buffer.release();
        }
    }

    /** Makes progress by a frame or by a piece of input; false if there is nothing left to do it with. */
    private boolean step(ByteBuf in, FrameSink sink) {
        return switch (state) {
            case LINE -> line(in, sink);
            case BODY_IN_WINDOW -> bodyInWindow(in, sink);
            case BODY_GATHERED -> bodyGathered(in, sink);
            case FAILED -> throw new ProtocolException("nothing more is read after an error: " + failure);
            case CLOSED -> false;
        };
    }

    private boolean line(ByteBuf in, FrameSink sink) {
        int behind = ControlLine.plainMessage(window, start, end, view);
        if (behind > 0 && behind - start <= limits.maxControlLine()) {
            body(in, behind, sink);
            return true;
        }
        int lineFeed = ControlLine.indexOfLineFeed(window, Math.max(start, scanned), end);
        if (lineFeed < 0) {
            scanned = end;
            if (end > start) {
                if (!ControlLine.mayBegin(window, start, end)) {
                    throw malformed(end, "not a frame that a server sends");
                }
                checkLineLength(end - start);
            }
            return fill(in);
        }
        checkLineLength(lineFeed + 1 - start);
        int cr = lineFeed - 1;
        if (lineFeed == start || window[cr] != '\r') {
            throw malformed(lineFeed + 1, "a line does not end with CR LF");
        }
        if (ControlLine.isMsg(window, start)) {
            message(in, start + 3, cr, false, sink);
        } else if (ControlLine.isHMsg(window, start)) {
            message(in, start + 4, cr, true, sink);
        } else {
            other(cr, sink);
        }
        return true;
    }

    private void message(ByteBuf in, int afterVerb, int cr, boolean headers, FrameSink sink) {
        if (!controlLine.message(window, afterVerb, cr, headers, view)) {
            throw malformed(cr, headers ? "not a HMSG line" : "not a MSG line");
        }
        body(in, cr + 2, sink);
    }

    private void body(ByteBuf in, int index, FrameSink sink) {
        checkLengths(index - 2);
        int length = view.bodyLength();
        bodyStart = index;
        bodiesAreLarge = length >= LARGE_BODY;
        int arrived = end - bodyStart;
        int missing = length + 2 - arrived;
        if (missing <= 0) {
            deliverFromWindow(sink);
        } else if (missing <= in.readableBytes() && arrived <= fromInput) {
            deliverFromInput(in, in.readerIndex() - arrived, sink);
        } else if (bodyStart - start + length + 2 <= WINDOW) {
            state = State.BODY_IN_WINDOW;
        } else {
            gather(length + 2, arrived);
        }
    }

    private void checkLengths(int cr) {
        int length = view.bodyLength();
        if (length > limits.maxPayload()) {
            throw malformed(cr, "a message of " + length + " bytes where " + limits.maxPayload() + " are allowed");
        }
        if (ControlLine.isHMsg(window, start)) {
            int headerLength = view.headerLength();
            if (headerLength > limits.maxHeaderBytes()) {
                throw malformed(
                        cr,
                        "a header block of " + headerLength + " bytes where " + limits.maxHeaderBytes()
                                + " are allowed");
            }
            if (headerLength < MIN_HEADER_BYTES || headerLength > length) {
                throw malformed(cr, "a header block of " + headerLength + " bytes in a message of " + length);
            }
        }
    }

    private boolean bodyInWindow(ByteBuf in, FrameSink sink) {
        int missing = view.bodyLength() + 2 - (end - bodyStart);
        if (missing <= 0) {
            state = State.LINE;
            deliverFromWindow(sink);
            return true;
        }
        int unmoved = start;
        boolean filled = fill(in);
        if (start != unmoved) {
            bodyStart -= unmoved - start;
            view.moved(window, unmoved - start);
        }
        return filled;
    }

    private boolean bodyGathered(ByteBuf in, FrameSink sink) {
        ByteBuf buffer = requireNonNull(gathered);
        in.readBytes(buffer, Math.min(in.readableBytes(), buffer.writableBytes()));
        if (buffer.isWritable()) {
            return false;
        }
        gathered = null;
        state = State.LINE;
        try {
            checkBodyEnd(buffer, 0);
            view.bodyIn(buffer, 0);
            sink.onMessage(view);
        } finally {
            view.forgetBody();
            buffer.release();
        }
        return true;
    }

    private void gather(int length, int arrived) {
        ByteBuf buffer = allocator.directBuffer(length, length);
        buffer.writeBytes(window, bodyStart, arrived);
        gathered = buffer;
        end = bodyStart; // the control line stays in the window for the view, to be overwritten by the next fill
        start = end;
        state = State.BODY_GATHERED;
    }

    private void deliverFromWindow(FrameSink sink) {
        int bodyEnd = bodyStart + view.bodyLength();
        if (window[bodyEnd] != '\r' || window[bodyEnd + 1] != '\n') {
            int from = Math.max(bodyStart, bodyEnd - QUOTED_BODY);
            throw failed(ProtocolException.quoting(BODY_END, window, from, bodyEnd + 2 - from));
        }
        view.bodyInLine(bodyStart);
        start = bodyEnd + 2;
        sink.onMessage(view);
    }

    private void deliverFromInput(ByteBuf in, int bodyIndex, FrameSink sink) {
        checkBodyEnd(in, bodyIndex);
        int behind = bodyIndex + view.bodyLength() + 2;
        int inputEnd = in.writerIndex();
        start = end;
        fromInput = 0;
        view.bodyIn(in, bodyIndex);
        try {
            sink.onMessage(view);
        } finally {
            in.setIndex(behind, inputEnd); // the view had it, and whoever borrowed it
        }
    }

    private void checkBodyEnd(ByteBuf buffer, int bodyIndex) {
        int bodyEnd = bodyIndex + view.bodyLength();
        if (buffer.getByte(bodyEnd) != '\r' || buffer.getByte(bodyEnd + 1) != '\n') {
            int from = Math.max(bodyIndex, bodyEnd - QUOTED_BODY);
            throw failed(ProtocolException.quoting(BODY_END, buffer, from, bodyEnd + 2 - from));
        }
    }

    private void other(int cr, FrameSink sink) {
        int from = start;
        if (ControlLine.is("PING", window, from, cr)) {
            start = cr + 2;
            sink.onPing();
        } else if (ControlLine.is("PONG", window, from, cr)) {
            start = cr + 2;
            sink.onPong();
        } else if (ControlLine.is("+OK", window, from, cr)) {
            start = cr + 2;
            sink.onOk();
        } else if (ControlLine.startsWith("INFO", window, from, cr)) {
            start = cr + 2;
            sink.onInfo(text(from + 4, cr));
        } else if (ControlLine.startsWith("-ERR", window, from, cr)) {
            start = cr + 2;
            sink.onError(text(from + 4, cr));
        } else {
            throw malformed(cr + 2, "not a frame that a server sends");
        }
    }

    private String text(int from, int to) {
        return new String(window, from, to - from, UTF_8).strip();
    }

    /** Copies input behind what the window holds; false if there is none. */
    private boolean fill(ByteBuf in) {
        int available = in.readableBytes();
        if (available == 0) {
            return false;
        }
        if (start == end) {
            start = 0;
            end = 0;
            scanned = 0;
            if (window.length > WINDOW + ControlLine.SLACK) {
                window = new byte[WINDOW + ControlLine.SLACK];
            }
        } else if (end == window.length - ControlLine.SLACK) {
            makeRoom();
        }
        int room = window.length - ControlLine.SLACK - end;
        int wanted = bodiesAreLarge && state == State.LINE ? SMALL_FILL : available;
        int length = Math.min(Math.min(available, room), wanted);
        in.readBytes(window, end, length);
        end += length;
        fromInput += length;
        return true;
    }

    /** Moves what the full window holds to its front, or to the front of one twice as large if it is there already. */
    private void makeRoom() {
        byte[] target = start > 0 ? window : new byte[2 * (window.length - ControlLine.SLACK) + ControlLine.SLACK];
        System.arraycopy(window, start, target, 0, end - start);
        window = target;
        end -= start;
        scanned = Math.max(0, scanned - start);
        start = 0;
    }

    private void checkLineLength(int length) {
        int limit = (window[start] | 0x20) == 'i' ? limits.maxInfoLine() : limits.maxControlLine();
        if (length > limit) {
            throw malformed(start + length, "a line of " + length + " bytes or more where " + limit + " are allowed");
        }
    }

    private ProtocolException malformed(int to, String what) {
        return failed(ProtocolException.quoting(what, window, start, to - start));
    }

    private ProtocolException failed(ProtocolException e) {
        state = State.FAILED;
        failure = e.getMessage();
        releaseGathered();
        return e;
    }
}
