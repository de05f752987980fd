// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The ceiling that server and kernel set: a blocking socket that writes frames encoded beforehand, or only counts the
 * bytes it reads. No client can do less.
 */
public final class RawClient implements AutoCloseable {
    private static final int WRITE_BUFFER = 64 << 10;
    private static final int READ_BUFFER = 256 << 10;
    private static final byte[] PONG = "PONG\r\n".getBytes(US_ASCII);

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BUFFER);

    private RawClient(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects and says CONNECT. */
    public static RawClient connect(String url) throws IOException {
        URI uri = URI.create(url);
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(uri.getHost(), uri.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        RawClient client = new RawClient(channel);
        client.write("CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":true,\"headers\":true}\r\n");
        client.flush();
        return client;
    }

    /** Writes text as it is. */
    public void write(String text) throws IOException {
        writeFully(ByteBuffer.wrap(text.getBytes(US_ASCII)));
    }

    /** PING, and reads until the PONG has come. */
    public void flush() throws IOException {
        write("PING\r\n");
        int matched = 0;
        while (matched < PONG.length) {
            read();
            for (in.flip(); in.hasRemaining() && matched < PONG.length; ) {
                byte b = in.get();
                matched = b == PONG[matched] ? matched + 1 : b == PONG[0] ? 1 : 0;
            }
        }
    }

    /** Writes PUB frames with payloads of so many bytes. */
    void publish(String subject, int size, long messages) throws IOException {
        byte[] frame = ("PUB " + subject + " " + size + "\r\n" + "x".repeat(size) + "\r\n").getBytes(US_ASCII);
        ByteBuffer frames = block(frame);
        int perWrite = frames.capacity() / frame.length;
        for (long left = messages; left > 0; left -= perWrite) {
            frames.clear().limit((int) Math.min(perWrite, left) * frame.length);
            writeFully(frames);
        }
    }

    /** Writes a frame again and again, in writes of about 64 KiB, for so long; how many times. */
    public long publish(byte[] frame, long nanos) throws IOException {
        ByteBuffer frames = block(frame);
        long written = 0;
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos; ) {
            writeFully(frames.clear());
            written += frames.capacity() / frame.length;
        }
        return written;
    }

    private static ByteBuffer block(byte[] frame) {
        int perWrite = Math.max(1, WRITE_BUFFER / frame.length);
        ByteBuffer frames = ByteBuffer.allocateDirect(perWrite * frame.length);
        while (frames.hasRemaining()) {
            frames.put(frame);
        }
        return frames;
    }

    /** Reads what is there, at least a byte, and does nothing with it but look at the end; how many bytes. */
    public int read(byte[] last) throws IOException {
        int n = read();
        int more = Math.min(n, last.length);
        System.arraycopy(last, more, last, 0, last.length - more);
        in.get(n - more, last, last.length - more, more);
        return n;
    }

    /** Reads so many bytes and does nothing with them. */
    void count(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            left -= read();
        }
    }

    /** Requests with payloads of so many bytes, one after the other. */
    PingPong pingPong(String subject, int size) throws IOException {
        String inbox = "_INBOX." + System.nanoTime();
        write("SUB " + inbox + " 1\r\n");
        flush();
        byte[] frame =
                ("PUB " + subject + " " + inbox + " " + size + "\r\n" + "x".repeat(size) + "\r\n").getBytes(US_ASCII);
        ByteBuffer frames = ByteBuffer.allocateDirect(frame.length).put(frame);
        long reply = 0L + ("MSG " + inbox + " 1 " + size + "\r\n").length() + size + 2;
        return requests -> {
            for (int i = 0; i < requests; i++) {
                frames.flip();
                writeFully(frames);
                count(reply);
            }
        };
    }

    /** Plays ping-pong with a responder. */
    interface PingPong {
        /** So many requests, each when the reply to the one before has come. */
        void play(int requests) throws IOException;
    }

    /** Answers requests to a subject from now on, on the thread returned. */
    public Thread respond(String subject) throws IOException {
        write("SUB " + subject + " 1\r\n");
        flush();
        Thread thread = new Thread(
                () -> {
                    try {
                        new RawResponder(channel, false).run();
                    } catch (IOException e) {
                        // closed
                    }
                },
                "raw-responder");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Reads what is there, at least a byte, and does nothing with it; how many bytes. */
    public int read() throws IOException {
        int n = channel.read(in.clear());
        if (n < 0) {
            throw new IOException("the server closed the connection");
        }
        return n;
    }

    /** Writes all of it. */
    public void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
