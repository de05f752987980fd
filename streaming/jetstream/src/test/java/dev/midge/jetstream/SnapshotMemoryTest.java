// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.protocol.internal.Json;
import dev.midge.testkit.EmbeddedServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots and restores hold some chunks in memory, however many there are; the test plays the server. */
class SnapshotMemoryTest {
    private static final String SNAPSHOT = "{\"config\":{\"name\":\"S\"},\"state\":{\"messages\":2}}";
    private static final String INFO =
            "{\"type\":\"io.nats.jetstream.api.v1.stream_create_response\",\"config\":{\"name\":\"S\"},\"state\":{}}";

    private static final int CHUNK = 128 << 10;
    private static final int CHUNKS = 1024;

    /** Chunks that are sent before the first is acknowledged. */
    private static final int WINDOW = 16;

    /** An eighth of all. */
    private static final long MOST = (long) CHUNK * CHUNKS / 8;

    private final EmbeddedServer server = EmbeddedServer.start();
    private final Connection peer = Patience.connect(server.url());
    private final Connection nc = Patience.connect(server.url());
    private final byte[] data = new byte[CHUNK];
    private long before;

    @BeforeEach
    void measure() {
        before = used();
    }

    @AfterEach
    void end() {
        nc.close();
        peer.close();
        server.close();
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void awaitLittle() {
        Patience.until("less than " + MOST + " bytes in use beside " + before, () -> used() - before < MOST);
    }

    private void chunk(String to, int number) {
        peer.publish(Message.to(to)
                .replyTo("ack.S.x." + CHUNK + "." + number)
                .data(data)
                .build());
    }

    @Test
    void ofSnapshots() throws Exception {
        String[] to = {""};
        AtomicInteger acks = new AtomicInteger();
        peer.subscribe("ack.>", ack -> {
            int next = acks.incrementAndGet() + WINDOW;
            if (next <= CHUNKS) {
                chunk(to[0], next);
            } else if (next == CHUNKS + WINDOW) {
                peer.publish(to[0], "");
            }
        });
        peer.subscribe("$JS.API.STREAM.SNAPSHOT.S", message -> {
            to[0] = String.valueOf(Json.parse(message.data()).get("deliver_subject"));
            message.respond(SNAPSHOT);
            for (int i = 1; i <= WINDOW; i++) {
                chunk(to[0], i);
            }
        });
        peer.flush(Patience.LONG);
        Counting written = new Counting();
        Patience.jetStream(nc).stream("S").snapshot(written);
        assertThat(written.bytes).isEqualTo((long) CHUNK * CHUNKS);
    }

    @Test
    void ofRestores() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        peer.subscribe("$JS.API.STREAM.RESTORE.S", message -> message.respond("{\"deliver_subject\":\"restore.S\"}"));
        peer.subscribe("restore.S", message -> {
            taken.addAndGet(message.size() / CHUNK);
            message.respond(message.size() == 0 ? INFO : "");
        });
        peer.flush(Patience.LONG);
        Patience.jetStream(nc).restoreStream(StreamSnapshot.fromJson(SNAPSHOT), new Endless());
        assertThat(taken.get()).isEqualTo(CHUNKS);
    }

    /** Counts, and looks at the memory when half of all and when nearly all has come. */
    private final class Counting implements WritableByteChannel {
        private long bytes;

        @Override
        public int write(ByteBuffer chunk) {
            int length = chunk.remaining();
            chunk.position(chunk.limit());
            bytes += length;
            if (bytes == (long) CHUNK * CHUNKS / 2 || bytes == (long) CHUNK * (CHUNKS - 1)) {
                awaitLittle();
            }
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** As long as a snapshot of so many chunks; looks at the memory likewise. */
    private final class Endless implements ReadableByteChannel {
        private long left = (long) CHUNK * CHUNKS;

        @Override
        public int read(ByteBuffer chunk) throws IOException {
            int length = (int) Math.min(left, chunk.remaining());
            chunk.position(chunk.position() + length);
            if (left == (long) CHUNK * CHUNKS / 2 || left == CHUNK) {
                awaitLittle();
            }
            left -= length;
            return length == 0 ? -1 : length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
