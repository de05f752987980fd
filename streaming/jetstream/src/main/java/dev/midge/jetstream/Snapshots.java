// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.SubscribeOptions;
import dev.midge.client.Subscription;
import dev.midge.protocol.Nuid;
import dev.midge.protocol.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Moves the data of streams to channels and back, chunk by chunk. The server sends some ahead, and goes on when they are
 * acknowledged; what is sent to it is acknowledged one by one. Source: streamSnapshot and processStreamRestore in nats-server's
 * jetstream_api.go.
 */
final class Snapshots {
    /** A server sends no more ahead than 32 MiB, in chunks from 1 KiB on. */
    private static final int PENDING_MESSAGES = 1 << 16;

    private static final long PENDING_BYTES = 64L << 20;

    /** As in HTTP: what is below is no failure. */
    private static final int FIRST_ERROR = 400;

    /** In bytes: what servers use themselves. */
    private static final int CHUNK = 128 << 10;

    private Snapshots() {}

    static StreamSnapshot save(Api api, String name, WritableByteChannel to, SnapshotOptions options)
            throws IOException {
        String what = "cannot take a snapshot of stream " + name;
        options.check(api, what);
        Connection connection = api.connection();
        String subject = connection.options().inboxPrefix() + "." + Nuid.next();
        long connects = connection.statistics().reconnects();
        Subscription chunks = connection.subscribe(
                subject,
                SubscribeOptions.builder()
                        .pendingLimits(PENDING_MESSAGES, PENDING_BYTES)
                        .build());
        try {
            StreamSnapshot snapshot =
                    api.ask(what, "STREAM.SNAPSHOT." + name, options.body(subject), StreamSnapshot.SCHEMA);
            long next = 1;
            for (Message chunk = next(api, what, chunks); chunk.size() > 0; chunk = next(api, what, chunks)) {
                checkNumber(what, chunk.replyTo(), next++);
                write(chunk.data(), to);
                if (chunk.replyTo() != null) {
                    chunk.respond(new byte[0]);
                }
            }
            if (chunks.droppedMessages() > 0 || connection.statistics().reconnects() > connects) {
                throw new JetStreamException(what + ": the server was lost meanwhile, and a chunk may be missing");
            }
            return snapshot;
        } finally {
            chunks.unsubscribe();
        }
    }

    /** The next chunk; the end is an empty one. */
    private static Message next(Api api, String what, Subscription chunks) {
        Message chunk;
        try {
            chunk = chunks.next(api.options().timeout());
        } catch (NatsTimeoutException e) {
            throw new NatsTimeoutException(
                    what + ": no chunk came within " + api.options().timeout());
        }
        Status status = chunk.hasHeaders() ? chunk.headers().status() : null;
        if (status != null && status.code() >= FIRST_ERROR) {
            throw new JetStreamException(what + ": the server gave up: " + status);
        }
        return chunk;
    }

    /** The last token of {@code $JS.SNAPSHOT.ACK.stream.id.length.number}; the last chunk has none, unless it is full. */
    private static void checkNumber(String what, @Nullable String replyTo, long expected) {
        if (replyTo != null && !replyTo.endsWith("." + expected)) {
            throw new JetStreamException(what + ": chunk " + expected + " is missing: " + replyTo + " came instead");
        }
    }

    private static void write(byte[] data, WritableByteChannel to) throws IOException {
        for (ByteBuffer buffer = ByteBuffer.wrap(data); buffer.hasRemaining(); ) {
            int unused = to.write(buffer);
        }
    }

    static Stream restore(Api api, StreamSnapshot snapshot, ReadableByteChannel from) throws IOException {
        String name = snapshot.config().name();
        String what = "cannot restore stream " + name;
        api.require(what, snapshot.config());
        Map<String, @Nullable Object> begun = api.ask(what, "STREAM.RESTORE." + name, snapshot.tree());
        if (!(begun.get("deliver_subject") instanceof String subject)) {
            throw new JetStreamException(what + ": the server does not say where to send it");
        }
        int most = Math.min(CHUNK, api.connection().serverInfo().maxPayload());
        ByteBuffer buffer = ByteBuffer.allocate(most > 0 ? most : CHUNK);
        while (read(from, buffer)) {
            byte[] answer = send(api, subject, Arrays.copyOf(buffer.array(), buffer.position()));
            if (answer.length > 0) {
                Map<String, ?> unused = Api.checked(what, answer);
                throw new JetStreamException(what + ": the server took no more, and did not say why");
            }
            buffer.clear();
        }
        StreamInfo info = Api.read(StreamInfo.SCHEMA, Api.checked(what, send(api, subject, new byte[0])));
        return new Stream(api, name, info);
    }

    /** Fills the buffer, but at the end of the channel; false if there is nothing any more. */
    private static boolean read(ReadableByteChannel from, ByteBuffer buffer) throws IOException {
        int more = 0;
        while (more >= 0 && buffer.hasRemaining()) {
            more = from.read(buffer);
        }
        return buffer.position() > 0;
    }

    private static byte[] send(Api api, String subject, byte[] data) {
        return api.connection().request(subject, data, api.options().timeout()).data();
    }
}
