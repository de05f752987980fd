// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.Message;
import dev.midge.protocol.Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to an endpoint. Thread-safe; may be answered at any time, by more than one message too, or not at all.
 *
 * <p>An answer never fails the handler because it cannot be sent, as to a reply-to subject that is invalid, or when the
 * connection is closed: the request counts as an error then, and the {@linkplain Service.Builder#onError listener} is
 * told. One that is over the server's max_payload also has the requester get error 500 with the reason. What a server
 * refuses by its permissions is told later, by {@link dev.midge.client.ConnectionEvent.PermissionDenied}; it counts too.
 * A request without a reply-to subject is not answered, and that is no error.
 */
public final class Request {
    private final Endpoint endpoint;
    private final Message message;

    // Guarded by the lock of the endpoint's counts.
    @Nullable
    String error;

    boolean handled;

    Request(Endpoint endpoint, Message message) {
        this.endpoint = endpoint;
        this.message = message;
    }

    /** The subject it was sent to. */
    public String subject() {
        return message.subject();
    }

    /** The subject that the answer goes to; null if none is wanted. */
    public @Nullable String replyTo() {
        return message.replyTo();
    }

    /** Its headers, empty if it has none. */
    public Headers headers() {
        return message.headers();
    }

    /** The payload: not a copy. */
    public byte[] data() {
        return message.data();
    }

    /** The payload as UTF-8 text. */
    public String text() {
        return message.text();
    }

    /** The endpoint that it came to. */
    public EndpointInfo endpoint() {
        return endpoint.info();
    }

    /** Answers. Waits while the outbound buffer is full, as {@link Message#respond(byte[])} does. */
    public void respond(byte[] data) {
        endpoint.sent(this, Replies.send(message, Objects.requireNonNull(data, "data")));
    }

    /** Answers with text as UTF-8; see {@link #respond(byte[])}. */
    public void respond(String text) {
        respond(text.getBytes(UTF_8));
    }

    /** Answers with the headers, payload and reply-to subject of a message, whose own subject is ignored. */
    public void respond(Message answer) {
        endpoint.sent(this, Replies.send(message, Objects.requireNonNull(answer, "answer")));
    }

    /** Answers with an error and no payload; see {@link #error(int, String, byte[])}. */
    public void error(int code, String description) {
        error(code, description, Replies.NO_DATA);
    }

    /**
     * Answers with an error: the headers {@code Nats-Service-Error-Code} and {@code Nats-Service-Error}, for which
     * requesters look. Counts as one, as {@code code:description}.
     *
     * @param code above 0, as in HTTP by custom
     * @param description for people
     * @throws IllegalArgumentException if the code is not above 0, the description is empty, or cannot be a header value
     */
    public void error(int code, String description, byte[] data) {
        Message answer = Replies.error(code, description, data);
        endpoint.counts().failed(this, code + ":" + description);
        endpoint.sent(this, Replies.send(message, answer));
    }

    Message message() {
        return message;
    }

    @Override
    public String toString() {
        return "Request to " + message.subject() + ", " + message.size() + " bytes";
    }
}
