// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.MessageView;
import dev.midge.protocol.internal.Json;
import io.avaje.json.JsonException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads acks. One of a stream is like the one before it but for the number: where the text in front of that and behind it is the
 * same, only the number is read. All others are read as the JSON that they are. Of one event loop.
 */
final class Acks {
    /** So many streams are told apart without reading their names. */
    private static final int FORMS = 4;

    private static final String SEQUENCE = "\"seq\":";

    /** So many digits fit into a long. */
    private static final int MAX_DIGITS = 18;

    private static final int QUOTED_CHARS = 64;

    private final @Nullable Form[] forms = new Form[FORMS];
    private int next;

    /** The text of an ack around the number. */
    private record Form(ByteBuf before, ByteBuf after, PublishAck like) {}

    /**
     * Reads one.
     *
     * @param what was attempted, for exceptions
     * @throws JetStreamException if it is a refusal, or none
     */
    PublishAck read(Supplier<String> what, MessageView reply) {
        ByteBuf text = reply.payload();
        for (Form form : forms) {
            long sequence = form == null ? 0 : sequence(form, text);
            if (form != null && sequence > 0) {
                PublishAck like = form.like;
                return new PublishAck(like.stream(), sequence, like.domain(), like.duplicate(), null);
            }
        }
        return parse(what.get(), reply.copyPayload());
    }

    /** The number in a text of that form, 0 if it has another. */
    private static long sequence(Form form, ByteBuf text) {
        int before = form.before.readableBytes();
        int after = form.after.readableBytes();
        int start = text.readerIndex();
        int digits = text.readableBytes() - before - after;
        if (digits < 1
                || digits > MAX_DIGITS
                || text.getByte(start + before) == '0'
                || !ByteBufUtil.equals(form.before, 0, text, start, before)
                || !ByteBufUtil.equals(form.after, 0, text, start + before + digits, after)) {
            return 0;
        }
        long number = 0;
        for (int i = start + before; i < start + before + digits; i++) {
            int digit = text.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private PublishAck parse(String what, byte[] text) {
        Map<String, @Nullable Object> ack;
        try {
            ack = Json.parse(text);
        } catch (JsonException e) {
            throw new JetStreamException(what + ": what answers is no stream: " + quoted(text), e);
        }
        if (ack.get("error") instanceof Map<?, ?> error) {
            throw Api.refused(what, ApiError.SCHEMA.read(error));
        }
        if (!(ack.get("stream") instanceof String stream && ack.get("seq") instanceof Long sequence)) {
            throw new JetStreamException(what + ": the answer is no ack: " + quoted(text));
        }
        String domain = ack.get("domain") instanceof String given ? given : null;
        String value = ack.get("val") instanceof String given ? given : null;
        PublishAck read = new PublishAck(stream, sequence, domain, Boolean.TRUE.equals(ack.get("duplicate")), value);
        if (value == null) {
            remember(text, read);
        }
        return read;
    }

    /** Remembers the form of a text, if there is no doubt where the number is. */
    private void remember(byte[] text, PublishAck ack) {
        String chars = new String(text, StandardCharsets.ISO_8859_1);
        int key = chars.indexOf(SEQUENCE);
        if (key < 0 || chars.indexOf(SEQUENCE, key + 1) >= 0 || chars.indexOf('{', 1) >= 0) {
            return;
        }
        int from = key + SEQUENCE.length();
        while (chars.charAt(from) == ' ') {
            from++;
        }
        String digits = String.valueOf(ack.sequence());
        int to = from + digits.length();
        // What follows the digits must not be a part of the number: a fraction or an exponent of 0.
        if (chars.startsWith(digits, from) && (chars.charAt(to) == ',' || chars.charAt(to) == '}')) {
            forms[next] = new Form(
                    Unpooled.copiedBuffer(text, 0, from), Unpooled.copiedBuffer(text, to, text.length - to), ack);
            next = (next + 1) % FORMS;
        }
    }

    private static String quoted(byte[] text) {
        String all = new String(text, 0, Math.min(text.length, QUOTED_CHARS), StandardCharsets.UTF_8);
        return "\"" + all.replaceAll("\\p{Cntrl}", "?") + (text.length > QUOTED_CHARS ? "..." : "") + "\"";
    }
}
