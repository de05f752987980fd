// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Takes a server's frames apart (RFC 6455, section 5.2). Hands on what there is of a frame, and keeps none of it but
 * the payload of control frames: Netty's decoder waits for whole frames, and a server puts all that waits for a client,
 * up to 64 MiB by default, into one.
 */
final class WebSocketDecoder {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final int PROTOCOL_ERROR = 1002;
    static final int UNSUPPORTED_DATA = 1003;
    static final int TOO_BIG = 1009;

    static final int MAX_CONTROL_PAYLOAD = 125;

    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int RSV = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int MASK = 0x80;
    private static final int LENGTH_OF_2 = 126;
    private static final int LENGTH_OF_8 = 127;

    /** Takes what was decoded; may {@link WebSocketDecoder#stop stop} the decoder from within a call. */
    interface Sink {
        /**
         * The next bytes of a message.
         *
         * @param part owned by the callee; empty at times
         * @param compressed whether the message is
         * @param last whether the message ends behind it
         */
        void onData(ByteBuf part, boolean compressed, boolean last);

        /** A control frame: {@link #CLOSE}, {@link #PING} or {@link #PONG}. */
        void onControl(int opcode, byte[] payload);

        /** The server broke the rules, with the code to close for. The decoder has stopped. */
        void onViolation(int code, String what);
    }

    private enum State {
        FIRST_BYTE,
        SECOND_BYTE,
        LENGTH,
        PAYLOAD,
        STOPPED
    }

    private final Sink sink;
    private final int maxFrame;
    private final boolean compression;

    private State state = State.FIRST_BYTE;
    private int first;
    /** The bytes of the length that are to come. */
    private int lengthBytes;

    private int lengthSize;
    private long length;
    /** Of the current frame. */
    private long left;

    private byte[] control = new byte[0];
    private boolean inMessage;
    private boolean compressed;

    /**
     * @param maxFrame the most bytes of payload of a frame
     * @param compression whether it was agreed upon
     */
    WebSocketDecoder(Sink sink, int maxFrame, boolean compression) {
        this.sink = sink;
        this.maxFrame = maxFrame;
        this.compression = compression;
    }

    /** Nothing of what comes is looked at any more. */
    void stop() {
        state = State.STOPPED;
    }

    /** Decodes all there is; whoever calls keeps the buffer. */
    void decode(ByteBuf in) {
        while (in.isReadable() && state != State.STOPPED) {
            switch (state) {
                case FIRST_BYTE -> {
                    first = in.readUnsignedByte();
                    state = State.SECOND_BYTE;
                }
                case SECOND_BYTE -> secondByte(in.readUnsignedByte());
                case LENGTH -> lengthByte(in.readUnsignedByte());
                default -> payload(in);
            }
        }
    }

    private int opcode() {
        return first & OPCODE;
    }

    private boolean isControl() {
        return (first & 0x8) != 0;
    }

    private void secondByte(int second) {
        String wrong = wrongHead(second);
        if (wrong != null) {
            violated(opcode() == TEXT ? UNSUPPORTED_DATA : PROTOCOL_ERROR, wrong);
            return;
        }
        length = second & ~MASK;
        lengthSize = length == LENGTH_OF_2 ? 2 : length == LENGTH_OF_8 ? 8 : 0;
        lengthBytes = lengthSize;
        if (lengthSize == 0) {
            startPayload();
        } else {
            length = 0;
            state = State.LENGTH;
        }
    }

    private @Nullable String wrongHead(int second) {
        boolean last = (first & FIN) != 0;
        int opcode = opcode();
        if ((second & MASK) != 0) {
            return "a frame is masked";
        }
        if ((first & RSV) != 0 && ((first & RSV) != RSV1 || !compression || opcode == CONTINUATION || isControl())) {
            return "a frame has reserved bits, 0x" + Integer.toHexString(first & RSV) + ", that nothing was agreed for";
        }
        return switch (opcode) {
            case CLOSE, PING, PONG ->
                !last
                        ? "a control frame is fragmented"
                        : second > MAX_CONTROL_PAYLOAD ? "a control frame has more than 125 bytes" : null;
            case CONTINUATION -> inMessage ? null : "a continuation has nothing to continue";
            case BINARY -> inMessage ? "a message begins within another" : null;
            case TEXT -> "a frame is text, where NATS is binary";
            default -> "a frame has the unknown opcode " + opcode;
        };
    }

    /** Big endian, and never longer than it needs to be. */
    private void lengthByte(int next) {
        length = (length << 8) | next;
        if (--lengthBytes > 0) {
            return;
        }
        if (length < 0 || length <= (lengthSize == 2 ? MAX_CONTROL_PAYLOAD : 0xffff)) {
            violated(PROTOCOL_ERROR, "the length of a frame is " + length + " in " + lengthSize + " bytes");
        } else {
            startPayload();
        }
    }

    private void startPayload() {
        if (length > maxFrame) {
            violated(TOO_BIG, "a frame has " + length + " bytes, more than the maxFrameSize of " + maxFrame);
            return;
        }
        left = length;
        state = State.PAYLOAD;
        if (isControl()) {
            control = new byte[(int) length];
        } else {
            if (opcode() == BINARY) {
                compressed = (first & RSV1) != 0;
            }
            inMessage = (first & FIN) == 0;
        }
        if (left == 0) {
            endFrame(Unpooled.EMPTY_BUFFER);
        }
    }

    private void payload(ByteBuf in) {
        int count = (int) Math.min(left, in.readableBytes());
        if (isControl()) {
            in.readBytes(control, (int) (length - left), count);
            left -= count;
            if (left == 0) {
                endFrame(Unpooled.EMPTY_BUFFER);
            }
            return;
        }
        left -= count;
        if (left == 0) {
            endFrame(in.readRetainedSlice(count));
        } else {
            sink.onData(in.readRetainedSlice(count), compressed, false);
        }
    }

    /** The state is that behind the frame before anything is told: the sink may stop the decoder. */
    private void endFrame(ByteBuf rest) {
        state = State.FIRST_BYTE;
        if (isControl()) {
            sink.onControl(opcode(), control);
        } else {
            sink.onData(rest, compressed, (first & FIN) != 0);
        }
    }

    private void violated(int code, String what) {
        state = State.STOPPED;
        sink.onViolation(code, what);
    }
}
