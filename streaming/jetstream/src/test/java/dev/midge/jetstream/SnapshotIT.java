// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Message;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams go into files and come back, by servers of both versions. */
@NatsServerTest(jetStream = true)
class SnapshotIT extends StreamCase {
    private static final int MESSAGES = 200;
    private static final int SIZE = 10_000;

    @TempDir
    private Path directory;

    private final Random random = new Random(1);

    SnapshotIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    /** What does not shrink: some two megabytes, and so more than a dozen chunks. */
    private Stream filled() {
        Stream stream =
                js.createStream(StreamConfig.builder(name).subjects(name + ".>").build());
        byte[] data = new byte[SIZE];
        for (int i = 0; i < MESSAGES; i++) {
            random.nextBytes(data);
            js.publish(Message.to(name + "." + i)
                    .header("n", String.valueOf(i))
                    .data(data.clone())
                    .build());
        }
        stream.createConsumer(ConsumerConfig.builder().durable("w").build());
        return stream;
    }

    @Test
    void thereAndBack() throws IOException {
        Stream stream = filled();
        byte[] last = stream.message(MESSAGES).data();
        Path file = directory.resolve("stream");
        StreamSnapshot snapshot;
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            snapshot = stream.snapshot(to);
        }
        assertThat(snapshot.config().name()).isEqualTo(name);
        assertThat(snapshot.state().messages()).isEqualTo(MESSAGES);
        assertThat(snapshot.unknown()).isEmpty();
        assertThat(StreamSnapshot.fromJson(snapshot.toJson())).isEqualTo(snapshot);
        assertThat(Files.size(file)).isGreaterThan((long) MESSAGES * SIZE);
        refused(10130, () -> restore(snapshot, file));

        js.deleteStream(name);
        StreamSnapshot described = snapshot.withConfig(
                snapshot.config().toBuilder().description("again").build());
        Stream again = restore(described, file);
        StreamInfo info = again.info();
        assertThat(info.config().description()).isEqualTo("again");
        assertThat(info.state().messages()).isEqualTo(MESSAGES);
        assertThat(again.message(MESSAGES).data()).isEqualTo(last);
        assertThat(again.message(7).headers().get("n")).isEqualTo("6");
        assertThat(again.consumerNames()).containsExactly("w");
        assertThat(js.publish(name + ".x", "more").sequence()).isEqualTo(MESSAGES + 1);
    }

    private Stream restore(StreamSnapshot snapshot, Path file) throws IOException {
        try (FileChannel from = FileChannel.open(file)) {
            return js.restoreStream(snapshot, from);
        }
    }

    @Test
    void withoutConsumersInSmallChunks() throws IOException {
        Path file = directory.resolve("stream");
        StreamSnapshot snapshot;
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            SnapshotOptions.Builder options =
                    SnapshotOptions.builder().withoutConsumers().checked().chunkSize(1024);
            if (!old) {
                options.windowSize(2048);
            }
            snapshot = filled().snapshot(to, options.build());
        }
        js.deleteStream(name);
        Stream again = restore(snapshot, file);
        assertThat(again.consumerNames()).isEmpty();
        assertThat(again.info().state().messages()).isEqualTo(MESSAGES);
    }

    @Test
    void whatHasNone() throws IOException {
        refused(10059, () -> js.stream(name).snapshot(nowhere()));
        Stream memory = js.createStream(
                StreamConfig.builder(name).storage(StorageType.MEMORY).build());
        if (old) {
            assertThatThrownBy(() -> memory.snapshot(nowhere())).isInstanceOf(JetStreamApiException.class);
        } else {
            assertThat(memory.snapshot(nowhere()).state().messages()).isZero();
        }
        SnapshotOptions window = SnapshotOptions.builder().windowSize(32 << 20).build();
        if (old) {
            assertThatThrownBy(() -> memory.snapshot(nowhere(), window))
                    .isInstanceOf(ServerTooOldException.class)
                    .hasMessageStartingWith("cannot take a snapshot of stream " + name
                            + ": window_size needs a server of 2.15 (API level 5) or newer, ");
        } else {
            assertThat(memory.snapshot(nowhere(), window).state().messages()).isZero();
        }
        assertThatThrownBy(() -> SnapshotOptions.builder().windowSize((32 << 20) + 1))
                .hasMessage("windowSize is 33554433: must be from 1024 to 33554432");
        assertThatThrownBy(() -> SnapshotOptions.builder().chunkSize(1023))
                .hasMessage("chunkSize is 1023: must be from 1024 to 1048576");
    }

    @Test
    void whatIsNone() throws IOException {
        Stream stream = filled();
        StreamSnapshot snapshot = stream.snapshot(nowhere());
        js.deleteStream(name);
        ReadableByteChannel noise = Channels.newChannel(new ByteArrayInputStream(new byte[300_000]));
        assertThatThrownBy(() -> js.restoreStream(snapshot, noise))
                .isInstanceOf(JetStreamApiException.class)
                .hasMessageStartingWith("cannot restore stream " + name + ": ");
        Patience.until("the end of the restore", () -> js.streamNames().toList().isEmpty());
    }

    /** The channel's failure is that of the snapshot; the connection goes on, and the server stops by itself. */
    @Test
    void aChannelThatFails() {
        Stream stream = filled();
        IOException full = new IOException("no space left");
        WritableByteChannel failing = new Nowhere() {
            private int chunks;

            @Override
            public int write(ByteBuffer from) throws IOException {
                if (++chunks == 3) {
                    throw full;
                }
                return super.write(from);
            }
        };
        assertThatThrownBy(() -> stream.snapshot(failing)).isSameAs(full);
        assertThat(stream.info().state().messages()).isEqualTo(MESSAGES);
    }

    private static WritableByteChannel nowhere() {
        return new Nowhere();
    }

    private static class Nowhere implements WritableByteChannel {
        @Override
        public int write(ByteBuffer from) throws IOException {
            int length = Math.min(1000, from.remaining()); // a channel need not take all at once
            from.position(from.position() + length);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static void refused(int errCode, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        JetStreamApiException.class,
                        e -> assertThat(e.errCode()).isEqualTo(errCode));
    }
}
