// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.Semaphore;

/**
 * Stands in for a server that costs nothing: takes one connection, answers its handshake, and from then on either
 * discards what comes (a sink), sends MSG frames encoded beforehand as fast as the socket takes them (a source), or does
 * that and waits for as many answers (a requester).
 */
final class LoopbackPeer implements AutoCloseable {
    private static final int BUFFER = 256 << 10;

    /** Pulls are shorter, and there are few. */
    private static final int TAIL = 2048;

    private static final String INFO =
            "INFO {\"server_id\":\"peer\",\"version\":\"2.15.2\",\"proto\":1,\"headers\":true,\"max_payload\":1048576}\r\n";

    private interface Role {
        void play(SocketChannel client) throws IOException;
    }

    private final ServerSocketChannel listener;
    private final Semaphore batches = new Semaphore(0);
    private final Semaphore answered = new Semaphore(0);
    private final Thread thread;

    private LoopbackPeer(String name, Role role) throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        thread = new Thread(() -> serve(role), name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Discards all it gets. */
    static LoopbackPeer sink() throws IOException {
        return new LoopbackPeer("bench-sink", client -> {
            ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
            while (client.read(in) >= 0) {
                in.clear();
            }
        });
    }

    /** Waits for a SUB of sid 1 and then sends so many messages with payloads of so many bytes for each {@link #send}. */
    static LoopbackPeer source(String subject, int size, int batch) throws IOException {
        return source(frames("MSG " + subject + " 1 " + size, size, batch));
    }

    /** As {@link #source(String, int, int)}, with the frames of {@link #consumer}: to a plain subscription. */
    static LoopbackPeer deliverer(int size, int batch) throws IOException {
        return source(deliveries(size, batch));
    }

    private static LoopbackPeer source(ByteBuffer frames) throws IOException {
        LoopbackPeer[] self = new LoopbackPeer[1];
        self[0] = new LoopbackPeer("bench-source", client -> {
            readUntil(client, "SUB ");
            while (true) {
                self[0].batches.acquireUninterruptibly();
                for (frames.clear(); frames.hasRemaining(); ) {
                    client.write(frames);
                }
            }
        });
        return self[0];
    }

    /**
     * Waits for a SUB of that subject and then, for each {@link #send}, sends so many requests with payloads of so many
     * bytes, and takes as many answers with payloads as large.
     */
    static LoopbackPeer requester(String subject, int size, int batch) throws IOException {
        String inbox = "_INBOX.bench";
        long bytes = (long) batch * frames("PUB " + inbox + " " + size, size, 1).capacity();
        LoopbackPeer[] self = new LoopbackPeer[1];
        self[0] = new LoopbackPeer("bench-requester", client -> {
            readUntil(client, "SUB " + subject + " ");
            String rest = readUntil(client, "\r\n").strip();
            String sid = rest.substring(rest.indexOf(' ') + 1); // behind the queue group
            ByteBuffer frames = frames("MSG " + subject + " " + sid + " " + inbox + " " + size, size, batch);
            ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
            while (true) {
                self[0].batches.acquireUninterruptibly();
                for (frames.clear(); frames.hasRemaining(); ) {
                    client.write(frames);
                }
                for (long left = bytes; left > 0; left -= in.position()) {
                    if (client.read(in.clear()) < 0) {
                        return;
                    }
                }
                self[0].answered.release();
            }
        });
        return self[0];
    }

    /** Answers each request with its own payload, as if a responder were behind it. */
    static LoopbackPeer responder() throws IOException {
        return new LoopbackPeer("bench-responder", client -> new RawResponder(client, true).run());
    }

    /** Acks each message, as if a stream were behind it. */
    static LoopbackPeer stream() throws IOException {
        return new LoopbackPeer(
                "bench-stream", client -> RawResponder.stream(client).run());
    }

    /**
     * Waits for a SUB and then, for each {@link #send}, sends so many messages as a consumer of JetStream does, and takes as
     * many acknowledgements, looking no further than for the last one; pulls are taken and not looked at.
     */
    static LoopbackPeer consumer(int size, int batch) throws IOException {
        ByteBuffer frames = deliveries(size, batch);
        LoopbackPeer[] self = new LoopbackPeer[1];
        self[0] = new LoopbackPeer("bench-consumer", client -> {
            readUntil(client, "SUB ");
            Thread reader = new Thread(() -> self[0].takeAcks(client), "bench-acks");
            reader.setDaemon(true);
            reader.start();
            while (true) {
                self[0].batches.acquireUninterruptibly();
                for (frames.clear(); frames.hasRemaining(); ) {
                    client.write(frames);
                }
            }
        });
        return self[0];
    }

    /** So many frames as a consumer of JetStream sends them; that nothing is pending tells the last one from the others. */
    private static ByteBuffer deliveries(int size, int batch) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 1; i <= batch; i++) {
            long sequence = 1_000_000L + i;
            String frame = "MSG orders.new 1 $JS.ACK.ORDERS.worker.1." + sequence + "." + sequence
                    + ".1700000000000000000." + (batch - i) + " " + size + "\r\n" + "x".repeat(size) + "\r\n";
            all.writeBytes(frame.getBytes(US_ASCII));
        }
        return ByteBuffer.allocateDirect(all.size()).put(all.toByteArray());
    }

    /** The last ack is at the end of what comes, but for a pull or two. */
    private void takeAcks(SocketChannel client) {
        byte[] last = "000.0 4\r\n+ACK\r\n".getBytes(US_ASCII);
        ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
        byte[] end = new byte[2 * TAIL];
        int kept = 0; // of what came before
        try {
            while (client.read(in.clear()) >= 0) {
                int n = Math.min(in.position(), TAIL);
                if (n < in.position()) {
                    kept = 0;
                } else if (kept > TAIL) {
                    System.arraycopy(end, kept - TAIL, end, 0, TAIL);
                    kept = TAIL;
                }
                in.get(in.position() - n, end, kept, n);
                kept += n;
                for (int i = 0; i + last.length <= kept; i++) {
                    if (Arrays.mismatch(end, i, i + last.length, last, 0, last.length) < 0) {
                        kept = 0;
                        answered.release();
                    }
                }
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private static ByteBuffer frames(String line, int size, int count) {
        byte[] frame = (line + "\r\n" + "x".repeat(size) + "\r\n").getBytes(US_ASCII);
        ByteBuffer frames = ByteBuffer.allocateDirect(count * frame.length);
        while (frames.hasRemaining()) {
            frames.put(frame);
        }
        return frames;
    }

    /** The one that plays the peer. */
    Thread thread() {
        return thread;
    }

    /** Waits until all requests of a batch have been answered. */
    void awaitAnswers() {
        answered.acquireUninterruptibly();
    }

    String url() throws IOException {
        return "nats://127.0.0.1:" + ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /** Has a source send its batch once more. */
    void send() {
        batches.release();
    }

    private void serve(Role role) {
        try (SocketChannel client = listener.accept()) {
            client.write(ByteBuffer.wrap(INFO.getBytes(US_ASCII)));
            readUntil(client, "PING\r\n");
            client.write(ByteBuffer.wrap("PONG\r\n".getBytes(US_ASCII)));
            role.play(client);
        } catch (IOException e) {
            // the client has gone, or the benchmark is over
        }
    }

    private static String readUntil(SocketChannel client, String text) throws IOException {
        StringBuilder received = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (received.indexOf(text) < 0) {
            if (client.read(one.clear()) < 0) {
                throw new IOException("the client has gone");
            }
            received.append((char) one.get(0));
        }
        return received.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        thread.interrupt(); // closes the channel that it waits on
        batches.release();
    }
}
