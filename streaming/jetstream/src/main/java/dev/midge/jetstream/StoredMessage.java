// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.Message;
import dev.midge.protocol.Headers;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message as a stream holds it. */
public final class StoredMessage {
    private static final int MAX_HEADERS = 100_000;

    private static final Schema<Wire> SCHEMA = new Schema<>(Wire.class, "stored message", Wire::new);
    private static final Field<String> SUBJECT = SCHEMA.text("subject", "");
    private static final Field<Long> SEQ = SCHEMA.whole("seq");
    private static final Field<String> HDRS = SCHEMA.text("hdrs", "");
    private static final Field<String> DATA = SCHEMA.text("data", "");
    private static final Field<Instant> TIME = SCHEMA.time("time");

    private final String subject;
    private final long sequence;
    private final Instant time;
    private final Headers headers;
    private final byte[] data;

    private StoredMessage(String subject, long sequence, Instant time, Headers headers, byte[] data) {
        this.subject = subject;
        this.sequence = sequence;
        this.time = time;
        this.headers = headers;
        this.data = data;
    }

    /** As it stands in the answer of STREAM.MSG.GET. */
    private static final class Wire extends ApiObject {
        Wire(Map<String, @Nullable Object> held) {
            super(SCHEMA, held);
        }

        StoredMessage message(String what) {
            Instant time = find(TIME);
            try {
                byte[] block = Base64.getDecoder().decode(get(HDRS));
                return new StoredMessage(
                        get(SUBJECT),
                        get(SEQ),
                        time == null ? Instant.EPOCH : time,
                        block.length == 0 ? Headers.EMPTY : Headers.parse(block, MAX_HEADERS),
                        Base64.getDecoder().decode(get(DATA)));
            } catch (IllegalArgumentException e) {
                throw new JetStreamException(what + ": the answer is not base64", e);
            }
        }
    }

    static StoredMessage of(String what, @Nullable Object tree) {
        if (!(tree instanceof Map<?, ?> map)) {
            throw new JetStreamException(what + ": the answer has no message");
        }
        return SCHEMA.read(map).message(what);
    }

    /** From the answer to a direct get: the message itself, which has more headers than when it was stored. */
    static StoredMessage of(String what, Message message) {
        Headers headers = message.headers();
        String subject = headers.get("Nats-Subject");
        String sequence = headers.get("Nats-Sequence");
        String time = headers.get("Nats-Time-Stamp");
        if (subject == null || sequence == null || time == null) {
            throw new JetStreamException(what + ": the answer lacks Nats-Subject, Nats-Sequence or Nats-Time-Stamp");
        }
        try {
            return new StoredMessage(
                    subject,
                    Long.parseLong(sequence),
                    OffsetDateTime.parse(time).toInstant(),
                    headers.toBuilder()
                            .remove("Nats-Stream")
                            .remove("Nats-Subject")
                            .remove("Nats-Sequence")
                            .remove("Nats-Time-Stamp")
                            .remove("Nats-Num-Pending")
                            .remove("Nats-Last-Sequence")
                            .build(),
                    message.data());
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new JetStreamException(what + ": the answer's Nats-Sequence or Nats-Time-Stamp is none", e);
        }
    }

    /** The subject it was published to. */
    public String subject() {
        return subject;
    }

    /** Its number in the stream, from 1 on. */
    public long sequence() {
        return sequence;
    }

    /** When it was stored. */
    public Instant time() {
        return time;
    }

    /** Its headers, empty if it has none. */
    public Headers headers() {
        return headers;
    }

    /** Its payload: not a copy. */
    public byte[] data() {
        return data;
    }

    /** Its payload as UTF-8 text. */
    public String text() {
        return new String(data, UTF_8);
    }

    @Override
    public String toString() {
        return "Message " + sequence + " to " + subject + ", " + data.length + " bytes";
    }
}
