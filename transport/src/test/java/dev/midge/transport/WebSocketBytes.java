// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** WebSocket frames as bytes, made and read by the book: nothing of this is shared with what is tested. */
final class WebSocketBytes {
    static final int FIN = 0x80;
    static final int RSV1 = 0x40;

    private WebSocketBytes() {}

    /** One that a client sent. */
    static final class Sent {
        private final int first;
        private final int mask;
        private final byte[] payload;

        Sent(int first, int mask, byte[] payload) {
            this.first = first;
            this.mask = mask;
            this.payload = payload;
        }

        int first() {
            return first;
        }

        int mask() {
            return mask;
        }

        byte[] payload() {
            return payload;
        }

        int opcode() {
            return first & 0xf;
        }

        boolean compressed() {
            return (first & RSV1) != 0;
        }

        String text() {
            return new String(payload, ISO_8859_1);
        }

        int closeCode() {
            return ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        }
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A server's frame, with the shortest length. */
    static byte[] frame(int first, byte[] payload) {
        int length = payload.length;
        return frame(first, payload, length < 126 ? 0 : length < 65536 ? 2 : 8);
    }

    /** A server's frame with a length of so many extra bytes. */
    static byte[] frame(int first, byte[] payload, int lengthBytes) {
        byte[] head = new byte[2 + lengthBytes];
        head[0] = (byte) first;
        head[1] = (byte) (lengthBytes == 0 ? payload.length : lengthBytes == 2 ? 126 : 127);
        for (int i = 0; i < lengthBytes; i++) {
            int shift = 8 * (lengthBytes - 1 - i);
            head[2 + i] = (byte) (shift > 31 ? 0 : payload.length >>> shift);
        }
        return concat(head, payload);
    }

    static byte[] binary(String text) {
        return frame(FIN | 2, ascii(text));
    }

    static byte[] close(int code, String reason) {
        return frame(FIN | 8, concat(bytes(code >> 8, code), reason.getBytes(UTF_8)));
    }

    static List<Sent> sent(ByteBuf wire) {
        List<Sent> frames = new ArrayList<>();
        while (wire.isReadable()) {
            int first = wire.readUnsignedByte();
            int second = wire.readUnsignedByte();
            if ((second & 0x80) == 0) {
                throw new AssertionError("a frame of the client is not masked");
            }
            long length = second & 0x7f;
            length = length == 126 ? wire.readUnsignedShort() : length == 127 ? wire.readLong() : length;
            byte[] mask = new byte[4];
            wire.readBytes(mask);
            byte[] payload = new byte[Math.toIntExact(length)];
            wire.readBytes(payload);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % 4];
            }
            frames.add(new Sent(first, ByteBuffer.wrap(mask).getInt(), payload));
        }
        return frames;
    }

    /** As RFC 7692, section 7.2.1, says. */
    static byte[] deflated(byte[] message) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(message);
        byte[] out = new byte[message.length * 2 + 100];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, length - 4);
    }

    /** As RFC 7692, section 7.2.2, says. */
    static byte[] inflated(byte[] message) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        inflater.setInput(concat(message, bytes(0, 0, 0xff, 0xff)));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] out = new byte[8192];
        for (int n = inflater.inflate(out); n > 0; n = inflater.inflate(out)) {
            all.write(out, 0, n);
        }
        inflater.end();
        return all.toByteArray();
    }
}
