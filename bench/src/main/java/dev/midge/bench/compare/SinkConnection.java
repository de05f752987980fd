// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.midge.bench.RawResponder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection of a client to the sink: takes it for a server. */
final class SinkConnection implements Runnable {
    private static final String INFO = "INFO {\"server_id\":\"SINK\",\"server_name\":\"sink\",\"version\":\"2.15.2\","
            + "\"go\":\"none\",\"host\":\"127.0.0.1\",\"port\":4222,\"proto\":1,\"headers\":true,"
            + "\"max_payload\":8388608,\"client_id\":1,\"client_ip\":\"127.0.0.1\"}\r\n";
    private static final byte[] PONG = "PONG\r\n".getBytes(US_ASCII);
    private static final int WRITE_BUFFER = 64 << 10;

    private final SocketChannel channel;
    private final boolean answers;
    private final SinkFrames frames;
    private final Map<String, List<String>> sids = new ConcurrentHashMap<>();

    SinkConnection(SocketChannel channel, boolean answers) {
        this.channel = channel;
        this.answers = answers;
        frames = new SinkFrames(this::line);
    }

    @Override
    public void run() {
        try (channel) {
            write(ByteBuffer.wrap(INFO.getBytes(US_ASCII)));
            if (answers) {
                new RawResponder(channel, true).run();
            }
            while (frames.readFrom(channel)) {
                // discards
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    /** What is not a message. */
    private void line(String line) throws IOException {
        if (line.startsWith("PING")) {
            write(ByteBuffer.wrap(PONG));
        } else if (line.startsWith("SUB ")) {
            String[] words = line.split(" ", -1);
            sids.computeIfAbsent(words[1], key -> new CopyOnWriteArrayList<>()).add(words[words.length - 1]);
        } else if (line.startsWith("UNSUB ")) {
            String sid = line.split(" ", -1)[1];
            sids.values().forEach(some -> some.remove(sid));
        }
    }

    /** As if the server had gone. */
    void close() throws IOException {
        channel.close();
    }

    /** Those of a subject. */
    List<String> sids(String subject) {
        return sids.getOrDefault(subject, List.of());
    }

    /** Whole frames, so that the answer to a PING can come in between. */
    private synchronized void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Sends the message of a job for so long, and then one with nothing in it; how many there were for each subscription. */
    long send(Job job, String subject, List<String> sids, long nanos) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        ByteArrayOutputStream end = new ByteArrayOutputStream();
        for (String sid : sids) {
            message.writeBytes(job.frame("MSG " + subject + " " + sid));
            end.writeBytes(("MSG " + subject + " " + sid + " 0\r\n\r\n").getBytes(US_ASCII));
        }
        int perWrite = Math.max(1, WRITE_BUFFER / message.size());
        ByteBuffer block = ByteBuffer.allocateDirect(perWrite * message.size());
        while (block.hasRemaining()) {
            block.put(message.toByteArray());
        }
        long sent = 0;
        try {
            for (long start = System.nanoTime(); System.nanoTime() - start < nanos; sent += perWrite) {
                write(block.clear());
            }
            write(ByteBuffer.wrap(end.toByteArray()));
        } catch (IOException e) {
            // the client has gone, which is told by who waits for what it says
        }
        return sent;
    }
}
