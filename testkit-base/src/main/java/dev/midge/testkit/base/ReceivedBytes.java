// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What has come on a socket, all of it, and how much of that the script has taken. One thread reads; any thread may
 * look. Failures are IOExceptions whose text shows the bytes in question.
 */
final class ReceivedBytes {
    /** How many bytes around the place of trouble are shown. */
    private static final int SHOWN = 96;

    private final Socket socket;
    private final byte[] chunk = new byte[8192];
    private byte[] bytes = new byte[1024];
    private int length;
    private int taken;

    ReceivedBytes(Socket socket) {
        this.socket = socket;
    }

    synchronized byte[] all() {
        return Arrays.copyOf(bytes, length);
    }

    void expect(byte[] expected, long deadline) throws IOException {
        for (int i = 0; i < expected.length; i++) {
            if (taken + i == length) {
                receive(deadline, "with " + i + " of " + expected.length + " bytes matched");
            }
            if (bytes[taken + i] != expected[i]) {
                throw new IOException("other bytes came, the first one at position " + (taken + i)
                        + " of the connection, " + i + " of the expected\nexpected:\n"
                        + dump(expected, 0, expected.length)
                        + "\ngot:\n" + dump(bytes, taken, length));
            }
        }
        taken += expected.length;
    }

    byte[] until(byte[] end, long deadline) throws IOException {
        for (int at = taken + end.length; ; at++) {
            while (at > length) {
                receive(deadline, quote(end, 0, end.length) + " did not come");
            }
            if (Arrays.equals(bytes, at - end.length, at, end, 0, end.length)) {
                return takeUpTo(at);
            }
        }
    }

    byte[] take(int count, long deadline) throws IOException {
        int to = taken + count;
        while (length < to) {
            receive(deadline, "with " + (length - taken) + " of " + count + " bytes there");
        }
        return takeUpTo(to);
    }

    private byte[] takeUpTo(int to) {
        byte[] result = Arrays.copyOfRange(bytes, taken, to);
        taken = to;
        return result;
    }

    void expectEnd(long deadline) throws IOException {
        if (taken == length) {
            try {
                receive(deadline, "the peer neither closed the connection nor sent anything");
            } catch (EOFException end) {
                return;
            } catch (SocketException e) {
                if (!socket.isClosed()) {
                    return; // reset by the peer
                }
                throw e;
            }
        }
        throw new IOException("the peer sent more instead:\n" + dump(bytes, taken, length));
    }

    /** Takes all that comes until the connection ends, whichever way. */
    void drain() {
        try {
            socket.setSoTimeout(0);
            while (read()) {
                taken = length;
            }
        } catch (IOException e) {
            // Reset, or closed by the test.
        }
    }

    /** Waits for at least one byte more. */
    private void receive(long deadline, String state) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        try {
            socket.setSoTimeout((int) Math.max(1, left));
            if (!read()) {
                throw new EOFException(
                        "the peer closed the connection at position " + length + ", " + state + pending());
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("nothing more came in time, position " + length + ", " + state + pending(), e);
        } catch (SocketException e) {
            SocketException told =
                    new SocketException(e.getMessage() + " at position " + length + ", " + state + pending());
            told.initCause(e);
            throw told;
        }
    }

    private boolean read() throws IOException {
        int count = socket.getInputStream().read(chunk);
        if (count < 0) {
            return false;
        }
        synchronized (this) {
            if (bytes.length - length < count) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
            }
            System.arraycopy(chunk, 0, bytes, length, count);
            length += count;
        }
        return true;
    }

    private String pending() {
        return taken == length ? "" : "\ngot:\n" + dump(bytes, taken, length);
    }

    private static String dump(byte[] bytes, int from, int to) {
        int shown = Math.min(SHOWN, to - from);
        return ByteBufUtil.prettyHexDump(Unpooled.wrappedBuffer(bytes, from, shown))
                + (shown < to - from ? "\n... and " + (to - from - shown) + " more" : "");
    }

    /** As text on one line, escaped and cut. */
    static String quote(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = from; i < Math.min(to, from + SHOWN); i++) {
            switch (bytes[i]) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (bytes[i] >= ' ' && bytes[i] < 127) {
                        text.append((char) bytes[i]);
                    } else {
                        text.append(String.format("\\x%02x", bytes[i]));
                    }
                }
            }
        }
        return text.append(to - from > SHOWN ? "\"... (" + (to - from) + " bytes)" : "\"")
                .toString();
    }
}
