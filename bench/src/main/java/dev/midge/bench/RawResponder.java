// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests with their own payload, on a blocking socket, and allocates nothing: as a client of a server
 * ({@code MSG subject sid reply size} is answered by {@code PUB reply size}), or in place of one ({@code PUB subject reply
 * size} by {@code MSG reply 1 size}), the same with headers, which come back too; or as a stream, with acks.
 */
public final class RawResponder {
    private static final int BUFFER = 256 << 10;
    private static final byte[] ACK = " 1 36\r\n{\"stream\":\"BENCH\", \"seq\":1000000000}\r\n".getBytes(US_ASCII);
    private static final byte[] PONG = {'P', 'O', 'N', 'G', '\r', '\n'};

    private final SocketChannel channel;
    private final boolean server;

    /** What is sent behind the subject of an ack, its number one higher each time; null if these are no acks. */
    private final byte @Nullable [] ack;

    private final byte[] in = new byte[BUFFER];
    private final ByteBuffer read = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer out = ByteBuffer.allocateDirect(2 * BUFFER);

    /** @param server whether it stands in for the server */
    public RawResponder(SocketChannel channel, boolean server) {
        this(channel, server, null);
    }

    private RawResponder(SocketChannel channel, boolean server, byte @Nullable [] ack) {
        this.channel = channel;
        this.server = server;
        this.ack = ack;
    }

    /** One that stands in for a server with a stream. */
    static RawResponder stream(SocketChannel channel) {
        return new RawResponder(channel, true, ACK.clone());
    }

    /** Until the socket is closed. */
    public void run() throws IOException {
        int filled = 0;
        while (true) {
            read.clear().limit(BUFFER - filled);
            int n = channel.read(read);
            if (n < 0) {
                return;
            }
            read.flip().get(in, filled, n);
            filled += n;
            int consumed = 0;
            for (int next = frame(consumed, filled); next > 0; next = frame(consumed, filled)) {
                consumed = next;
            }
            System.arraycopy(in, consumed, in, 0, filled - consumed);
            filled -= consumed;
            for (out.flip(); out.hasRemaining(); ) {
                channel.write(out);
            }
            out.clear();
        }
    }

    /** Answers the frame that begins here; where it ends, or 0 if it is not here to the end. */
    private int frame(int from, int to) {
        int end = from;
        while (end < to && in[end] != '\n') {
            end++;
        }
        if (end == to) {
            return 0;
        }
        if (in[from] == 'P' && in[from + 1] == 'I') {
            out.put(PONG);
        }
        boolean headers = in[from] == 'H';
        boolean message = headers || in[from] == 'M' || (in[from] == 'P' && in[from + 1] == 'U');
        if (!message) {
            return end + 1;
        }
        int size = 0;
        int lastBlank = end;
        while (in[lastBlank] != ' ') {
            lastBlank--;
        }
        for (int i = lastBlank + 1; in[i] >= '0' && in[i] <= '9'; i++) {
            size = size * 10 + in[i] - '0';
        }
        int payload = end + 1;
        if (to - payload < size + 2) {
            return 0;
        }
        int sizes = lastBlank;
        if (headers) {
            do {
                sizes--;
            } while (in[sizes] != ' ');
            out.put((byte) 'H');
        }
        int reply = sizes - 1;
        while (in[reply - 1] != ' ') {
            reply--;
        }
        out.put((byte) (server ? 'M' : 'P')).put((byte) (server ? 'S' : 'U')).put((byte) (server ? 'G' : 'B'));
        out.put((byte) ' ').put(in, reply, sizes - reply);
        if (ack != null) {
            out.put(ack);
            countUp(ack);
            return payload + size + 2;
        }
        if (server) {
            out.put((byte) ' ').put((byte) '1');
        }
        out.put(in, sizes, end + 1 - sizes).put(in, payload, size + 2);
        return payload + size + 2;
    }

    private static void countUp(byte[] ack) {
        for (int digit = ack.length - "}\r\n".length() - 1; ; digit--) {
            if (ack[digit] < '9') {
                ack[digit]++;
                return;
            }
            ack[digit] = '0';
        }
    }
}
