// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Headers;
import dev.midge.protocol.Info;
import dev.midge.protocol.Subjects;
import dev.midge.transport.OutboundBuffer;
import dev.midge.transport.Outcome;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks what is published, offers it to the outbound buffer, and says why it was not taken. */
final class Publishing {
    /** The verb, the numbers, the blanks and CRLF of a control line. */
    private static final int LINE_OVERHEAD = 32;

    /** A char is at most so many bytes of UTF-8. */
    private static final int BYTES_PER_CHAR = 3;

    private final Options options;
    private final OutboundBuffer outbound;
    private final Supplier<ConnectionClosedException> closed;
    private final Supplier<DisconnectedException> disconnected;
    private final long writeTimeoutNanos;

    private volatile int maxPayload = Integer.MAX_VALUE;
    private volatile boolean headersSupported;

    /** The last subject found good: most publish to the same again and again. Racy: at worst one is checked twice. */
    private @Nullable String checkedSubject;

    Publishing(
            Options options,
            OutboundBuffer outbound,
            Supplier<ConnectionClosedException> closed,
            Supplier<DisconnectedException> disconnected) {
        this.options = options;
        this.outbound = outbound;
        this.closed = closed;
        this.disconnected = disconnected;
        writeTimeoutNanos = Checks.nanos(options.writeTimeout());
    }

    /** The server told, or told anew, what it takes. */
    void update(Info info) {
        maxPayload = info.payloadLimited() ? info.maxPayload() : Integer.MAX_VALUE;
        headersSupported = info.headers();
    }

    void publish(String subject, byte[] data, int offset, int length) {
        Objects.requireNonNull(data, "data");
        Objects.checkFromIndexSize(offset, length, data.length);
        accepted(subject, offer(subject, null, null, data, offset, length, writeTimeoutNanos, null));
    }

    void publish(Message message) {
        Outcome outcome = offer(message, writeTimeoutNanos, null);
        accepted(message.subject(), outcome);
    }

    boolean tryPublish(Message message) {
        return taken(offer(message, 0, null));
    }

    CompletableFuture<Void> publishAsync(Message message) {
        CompletableFuture<Void> handed = new CompletableFuture<>();
        return switch (offer(message, 0, handed)) {
            case ACCEPTED -> reported(handed);
            case FULL -> CompletableFuture.failedFuture(full(message.subject(), "not waited for"));
            case SUSPENDED -> CompletableFuture.failedFuture(disconnected.get());
            case CLOSED -> CompletableFuture.failedFuture(closed.get());
        };
    }

    /** The buffer fails it with whatever the socket reported: users get one type, with that as its cause. */
    private CompletableFuture<Void> reported(CompletableFuture<Void> handed) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        CompletableFuture<?> unused = handed.whenComplete((nothing, failure) -> {
            if (failure == null) {
                result.complete(null);
            } else if (failure instanceof ConnectionClosedException || failure instanceof DisconnectedException) {
                result.completeExceptionally(failure);
            } else if (options.reconnect().maxAttempts() == 0) {
                result.completeExceptionally(
                        new ConnectionClosedException("the connection ended before the message was written", failure));
            } else {
                result.completeExceptionally(
                        new DisconnectedException("the server was lost before the message was written", failure));
            }
        });
        return result;
    }

    void publish(String subject, @Nullable String replyTo, ByteBuf payload) {
        accepted(subject, offer(subject, replyTo, payload, writeTimeoutNanos));
    }

    boolean tryPublish(String subject, @Nullable String replyTo, ByteBuf payload) {
        return taken(offer(subject, replyTo, payload, 0));
    }

    /**
     * As the other, for a request.
     *
     * @param replyTo is known to be good
     * @param maxWaitNanos how long to wait for room at most
     * @param numbered see {@link OutboundBuffer#publish}
     */
    void publish(
            String subject,
            String replyTo,
            @Nullable Headers headers,
            byte[] data,
            long maxWaitNanos,
            LongConsumer numbered) {
        byte[] block = check(subject, null, headers, data.length);
        checkLine("subject and reply-to", subject, replyTo);
        long wait = Math.min(maxWaitNanos, writeTimeoutNanos);
        try {
            accepted(subject, outbound.publish(subject, replyTo, block, data, 0, data.length, wait, null, numbered));
        } catch (InterruptedException e) {
            throw interrupted(subject, e);
        }
    }

    /** To a subject that came from the server, and needs no check. */
    void publish(byte[] subject, byte[] data) {
        if (data.length > maxPayload) {
            throw tooLarge(new String(subject, StandardCharsets.UTF_8), data.length);
        }
        try {
            Outcome outcome = outbound.publish(subject, data, writeTimeoutNanos);
            if (outcome != Outcome.ACCEPTED) {
                accepted(new String(subject, StandardCharsets.UTF_8), outcome);
            }
        } catch (InterruptedException e) {
            throw interrupted(new String(subject, StandardCharsets.UTF_8), e);
        }
    }

    OutboundBuffer outbound() {
        return outbound;
    }

    private Outcome offer(Message message, long maxWaitNanos, @Nullable CompletableFuture<Void> handed) {
        Objects.requireNonNull(message, "message");
        byte[] data = message.data();
        return offer(
                message.subject(),
                message.replyTo(),
                message.headersOrNull(),
                data,
                0,
                data.length,
                maxWaitNanos,
                handed);
    }

    private Outcome offer(
            String subject,
            @Nullable String replyTo,
            @Nullable Headers headers,
            byte[] data,
            int offset,
            int length,
            long maxWaitNanos,
            @Nullable CompletableFuture<Void> handed) {
        byte[] block = check(subject, replyTo, headers, length);
        try {
            return outbound.publish(subject, replyTo, block, data, offset, length, maxWaitNanos, handed, null);
        } catch (InterruptedException e) {
            throw interrupted(subject, e);
        }
    }

    private Outcome offer(String subject, @Nullable String replyTo, ByteBuf payload, long maxWaitNanos) {
        Objects.requireNonNull(payload, "payload");
        check(subject, replyTo, null, payload.readableBytes());
        try {
            return outbound.publish(subject, replyTo, null, payload, maxWaitNanos, null);
        } catch (InterruptedException e) {
            throw interrupted(subject, e);
        }
    }

    @SuppressWarnings("ReferenceEquality") // it is the same string that need not be checked again
    private byte @Nullable [] check(
            String subject, @Nullable String replyTo, @Nullable Headers headers, int payloadLength) {
        if (subject == null || subject != checkedSubject) {
            Subjects.checkPublish(subject, options.subjectValidation());
            checkLine("subject", subject, null);
            checkedSubject = subject;
        }
        if (replyTo != null) {
            Subjects.checkReplyTo(replyTo, options.subjectValidation());
            checkLine("subject and reply-to", subject, replyTo);
        }
        byte[] block = headers == null ? null : headers.encoded();
        if (block != null && !headersSupported) {
            throw new HeadersNotSupportedException(
                    "cannot publish to " + subject + " with headers: the server does not take them");
        }
        long size = payloadLength + (block == null ? 0L : block.length);
        if (size > maxPayload) {
            throw tooLarge(subject, size);
        }
        return block;
    }

    private PayloadTooLargeException tooLarge(String subject, long size) {
        return new PayloadTooLargeException("cannot publish to " + subject + ": headers and payload are " + size
                + " bytes, the server's max_payload is " + maxPayload);
    }

    /** Refuses what would make a control line longer than the server takes. */
    void checkLine(String what, String subject, @Nullable String second) {
        int chars = subject.length() + (second == null ? 0 : second.length());
        if (chars * BYTES_PER_CHAR + LINE_OVERHEAD <= options.maxControlLine()) {
            return;
        }
        int bytes = utf8Length(subject) + (second == null ? 0 : utf8Length(second)) + LINE_OVERHEAD;
        if (bytes > options.maxControlLine()) {
            throw new IllegalArgumentException(what + " of " + chars + " characters make a control line of up to "
                    + bytes + " bytes: must be at most " + options.maxControlLine() + " (Options.maxControlLine)");
        }
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private void accepted(String subject, Outcome outcome) {
        if (outcome == Outcome.FULL) {
            throw full(subject, "waited " + options.writeTimeout() + ", or not at all on an event loop");
        }
        taken(outcome);
    }

    private boolean taken(Outcome outcome) {
        if (outcome == Outcome.CLOSED) {
            throw closed.get();
        }
        if (outcome == Outcome.SUSPENDED) {
            throw disconnected.get();
        }
        return outcome == Outcome.ACCEPTED;
    }

    private OutboundFullException full(String subject, String waited) {
        long limit = outbound.limit();
        String option = limit == options.outboundLimit()
                ? "Options.outboundLimit"
                : "Reconnect.bufferSize, as there is no server at present";
        return new OutboundFullException("cannot publish to " + subject + ": " + outbound.queuedBytes() + " bytes of "
                + outbound.queuedMessages() + " messages wait for the socket, the limit is " + limit + " bytes ("
                + option + "); " + waited);
    }

    private static NatsInterruptedException interrupted(String subject, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new NatsInterruptedException("interrupted while waiting to publish to " + subject, e);
    }
}
