// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** One socket of a conversation, and what comes on it, frame by frame. Of one thread. */
final class Wire implements AutoCloseable {
    /** The verbs of frames that have a payload after the line, of the size that is the line's last word. */
    private static final Set<String> WITH_PAYLOAD = Set.of("MSG", "HMSG", "PUB", "HPUB");

    /** Far above any payload of the suite: what announces more is not a frame, and shown as a line. */
    private static final int MAX_PAYLOAD = 1 << 26;

    private static final Duration HANDSHAKE = Duration.ofSeconds(30);

    private Socket socket;
    private final Deque<String> frames = new ArrayDeque<>();
    private byte[] bytes = new byte[4096];
    private int from;
    private int to;
    private boolean ended;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
    }

    /** Becomes a TLS connection, as its client. That the server will not shows as the end of what comes. */
    void encrypt(SSLSocketFactory factory) {
        try {
            SSLSocket encrypted = (SSLSocket)
                    factory.createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
            encrypted.setSoTimeout((int) HANDSHAKE.toMillis());
            encrypted.startHandshake();
            socket = encrypted;
        } catch (IOException e) {
            ended = true;
        }
    }

    /** Sends, in pieces where the size is not 0. That the peer has closed the connection shows when reading. */
    void send(String latin1, int pieceSize) {
        byte[] all = Text.bytes(latin1);
        int size = pieceSize == 0 ? Math.max(1, all.length) : pieceSize;
        try {
            for (int at = 0; at < all.length; at += size) {
                socket.getOutputStream().write(all, at, Math.min(size, all.length - at));
            }
        } catch (IOException e) {
            // Seen as the end of what comes, with all that has come before.
        }
    }

    /**
     * The next frame, with its line ends, or null when there is none and the peer has closed the connection, orderly
     * or not.
     *
     * @throws SocketTimeoutException when neither came by then
     */
    @Nullable
    String next(long deadline) throws IOException {
        while (frames.isEmpty()) {
            if (!receive(deadline)) {
                return null;
            }
        }
        return frames.remove();
    }

    /** Puts a frame back, to be the next one. */
    void putBack(String frame) {
        frames.addFirst(frame);
    }

    /** What has come and was not taken. */
    Deque<String> pending() {
        return frames;
    }

    /** Waits for bytes; false when there are no more. */
    boolean receive(long deadline) throws IOException {
        if (ended) {
            return false;
        }
        if (to == bytes.length) {
            bytes = from > bytes.length / 2 ? bytes : Arrays.copyOf(bytes, 2 * bytes.length);
            System.arraycopy(bytes, from, bytes, 0, to - from);
            to -= from;
            from = 0;
        }
        int count;
        try {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) left);
            count = socket.getInputStream().read(bytes, to, bytes.length - to);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            count = -1;
        }
        if (count < 0) {
            ended = true;
            if (to > from) {
                frames.add(Text.of(bytes, from, to - from));
                from = to;
            }
            return !frames.isEmpty();
        }
        to += count;
        cut();
        return true;
    }

    private void cut() {
        int length = frameLength();
        while (length > 0) {
            frames.add(Text.of(bytes, from, length));
            from += length;
            length = frameLength();
        }
    }

    /** Of the frame that begins what is there; 0 when it is not complete. */
    private int frameLength() {
        int end = from;
        while (end < to && bytes[end] != '\n') {
            end++;
        }
        if (end == to) {
            return 0;
        }
        end++;
        String line = Text.of(bytes, from, end - from);
        if (WITH_PAYLOAD.contains(Expectation.verbOf(line))) {
            String trimmed = line.stripTrailing();
            try {
                int size = Integer.parseInt(trimmed, trimmed.lastIndexOf(' ') + 1, trimmed.length(), 10);
                if (size >= 0 && size <= MAX_PAYLOAD) {
                    end += size + 2;
                }
            } catch (NumberFormatException e) {
                // Shown as a line.
            }
        }
        return end <= to ? end - from : 0;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }
}
