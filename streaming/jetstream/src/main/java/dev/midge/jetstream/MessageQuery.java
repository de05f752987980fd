// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.internal.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which message of a stream to get. Immutable. */
public final class MessageQuery {
    private final Map<String, Object> body;
    private final @Nullable String lastOf;
    private final boolean timed;

    private MessageQuery(Map<String, Object> body, @Nullable String lastOf, boolean timed) {
        this.body = body;
        this.lastOf = lastOf;
        this.timed = timed;
    }

    /**
     * That of a sequence number.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public static MessageQuery sequence(long sequence) {
        return new MessageQuery(Map.of("seq", checked(sequence)), null, false);
    }

    /**
     * The last one of a subject, which may have wildcards.
     *
     * @throws IllegalArgumentException if it is no subject
     */
    public static MessageQuery last(String subject) {
        Rules.filter("subject", subject);
        return new MessageQuery(Map.of("last_by_subj", subject), subject, false);
    }

    /**
     * The first one of a subject, which may have wildcards, from a sequence number on.
     *
     * @throws IllegalArgumentException if the number is not above 0, or it is no subject
     */
    public static MessageQuery next(long from, String subject) {
        Rules.filter("subject", subject);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("seq", checked(from));
        body.put("next_by_subj", subject);
        return new MessageQuery(body, null, false);
    }

    /** The first one stored at a time or later. Servers from 2.11 on. */
    public static MessageQuery since(Instant time) {
        return new MessageQuery(Map.of("start_time", time.toString()), null, true);
    }

    private static long checked(long sequence) {
        Rules.require(sequence > 0, "sequence", sequence, "must be above 0");
        return sequence;
    }

    Map<String, Object> body() {
        return body;
    }

    /** The subject whose last message it is, else null. */
    @Nullable
    String lastOf() {
        return lastOf;
    }

    boolean timed() {
        return timed;
    }

    @Override
    public String toString() {
        return "message " + Json.toText(body);
    }
}
