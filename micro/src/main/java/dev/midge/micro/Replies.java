// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.client.Message;
import dev.midge.client.PayloadTooLargeException;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.internal.Json;
import org.jspecify.annotations.Nullable;

/** Sends answers. What keeps one from being sent is returned, not thrown: it is not the handler's fault. */
final class Replies {
    static final String ERROR = "Nats-Service-Error";
    static final String ERROR_CODE = "Nats-Service-Error-Code";
    static final int INTERNAL_ERROR = 500;
    static final byte[] NO_DATA = {};

    /** How many characters of an exception's text the requester gets. */
    private static final int MAX_DESCRIPTION = 512;

    private Replies() {}

    /** Sends a payload; without a reply-to subject, nothing. */
    static @Nullable RuntimeException send(Message request, byte[] data) {
        if (request.replyTo() == null) {
            return null;
        }
        try {
            request.respond(data);
            return null;
        } catch (PayloadTooLargeException e) {
            return tooLarge(request, e);
        } catch (NatsException | IllegalArgumentException e) {
            return e;
        }
    }

    /** Sends all that the answer has, but for its subject; without a reply-to subject, nothing. */
    static @Nullable RuntimeException send(Message request, Message answer) {
        if (request.replyTo() == null) {
            return null;
        }
        try {
            request.respond(answer);
            return null;
        } catch (PayloadTooLargeException e) {
            return tooLarge(request, e);
        } catch (NatsException | IllegalArgumentException e) {
            return e;
        }
    }

    private static RuntimeException tooLarge(Message request, PayloadTooLargeException e) {
        try {
            request.respond(error(INTERNAL_ERROR, description(e), NO_DATA));
        } catch (NatsException | IllegalArgumentException second) {
            e.addSuppressed(second);
        }
        return e;
    }

    /**
     * An answer that says what went wrong.
     *
     * @throws IllegalArgumentException if the code is not above 0, or the description is empty or no header value
     */
    static Message error(int code, String description, byte[] data) {
        if (code <= 0) {
            throw new IllegalArgumentException("error code is " + code + ": must be above 0");
        }
        if (description.isBlank()) {
            throw Rules.refused("error description", description, "must not be empty (ADR-32)");
        }
        return Message.to("reply")
                .header(ERROR, description)
                .header(ERROR_CODE, Integer.toString(code))
                .data(data)
                .build();
    }

    /** What the requester is told of an exception: a header value, never empty. */
    static String description(Throwable failure) {
        String text = failure.getMessage() == null ? "" : failure.getMessage();
        String shown = text.length() > MAX_DESCRIPTION ? text.substring(0, MAX_DESCRIPTION) : text;
        String line =
                Json.encodable(shown.replace('\r', ' ').replace('\n', ' ')).strip();
        return line.isEmpty() ? failure.getClass().getSimpleName() + " was thrown" : line;
    }
}
