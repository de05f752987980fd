// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.DisconnectedException;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.ServerErrorException;
import dev.midge.client.internal.Exchange;
import dev.midge.client.internal.ExchangeOwner;
import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.ProtocolException;
import dev.midge.protocol.ServerError.Operation;
import dev.midge.protocol.ServerError.PermissionsViolation;
import dev.midge.protocol.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A message that an ack is awaited to, what was tried so far, and what is to be done next. */
final class Publication implements ExchangeOwner<PublishAck> {
    /** A header block of a status alone has one line. */
    private static final int MAX_HEADERS = 16;

    private final Publisher publisher;
    private final String subject;
    private final @Nullable Headers headers;
    private final byte[] data;
    private final boolean windowed;

    private final long timeoutNanos;

    /** On the clock of the event loop; set before it is sent. */
    private long deadline;

    // Of the event loop.
    private int retries;

    /** Nobody was there: it waits for the next try. */
    private boolean pausing;

    /** A server that was given it is gone, so it may have been stored. */
    private volatile boolean lost;

    /** It is going to be published again when there is a server. */
    private volatile boolean later;

    Publication(
            Publisher publisher,
            String subject,
            @Nullable Headers headers,
            byte[] data,
            long timeoutNanos,
            boolean windowed) {
        this.publisher = publisher;
        this.subject = subject;
        this.headers = headers;
        this.data = data;
        this.timeoutNanos = timeoutNanos;
        this.windowed = windowed;
    }

    /** Its time begins, which is so many nanoseconds. */
    long begin() {
        long now = publisher.now();
        deadline = now + Math.min(timeoutNanos, Long.MAX_VALUE - now);
        return timeoutNanos;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    @Nullable
    Headers headers() {
        return headers;
    }

    @Override
    public boolean onReply(Exchange<PublishAck> exchange, MessageView reply) {
        if (reply.headerLength() > 0 && reply.payloadLength() == 0) {
            return onStatus(exchange, reply);
        }
        if (!exchange.release()) {
            return false;
        }
        try {
            exchange.end(publisher.acks().read(this::what, reply));
        } catch (JetStreamException e) {
            exchange.endExceptionally(failure(e));
        }
        return true;
    }

    private boolean onStatus(Exchange<PublishAck> exchange, MessageView reply) {
        Status status;
        try {
            status = Headers.parse(reply.copyHeaders(), MAX_HEADERS).status();
        } catch (ProtocolException e) {
            status = null;
        }
        if (status != null && status.code() == Status.NO_RESPONDERS) {
            onNobody(exchange);
        } else {
            fail(exchange, new JetStreamException(what() + ": the answer is no ack, its status is " + status));
        }
        return true;
    }

    private void onNobody(Exchange<PublishAck> exchange) {
        long left = deadline - publisher.now();
        long wait = publisher.nextRetry(retries);
        if (wait < 0 || left <= 0) {
            fail(exchange, nobody());
            return;
        }
        retries++;
        pausing = true;
        exchange.setDeadline(Math.min(wait, left));
    }

    @Override
    public void onDeadline(Exchange<PublishAck> exchange) {
        if (!pausing) {
            fail(exchange, timedOut());
            return;
        }
        pausing = false;
        long left = deadline - publisher.now();
        if (left <= 0) {
            fail(exchange, nobody());
            return;
        }
        exchange.setDeadline(left);
        publisher.retried();
        sendAgain(exchange, 0);
    }

    /** Sends it once more; from any thread. */
    void sendAgain(Exchange<PublishAck> exchange, long maxWaitNanos) {
        later = false;
        try {
            exchange.send(headers, data, maxWaitNanos);
        } catch (DisconnectedException e) {
            onFailure(exchange, e, false);
        } catch (NatsException e) {
            fail(exchange, e);
        }
    }

    @Override
    public void onFailure(Exchange<PublishAck> exchange, Throwable cause, boolean given) {
        if (refusesToPublish(cause)) {
            fail(exchange, cause);
            return;
        }
        boolean retry = cause instanceof DisconnectedException && publisher.retriesOnReconnect();
        if (pausing) { // what was given was answered
            if (!retry) {
                fail(exchange, cause);
            }
            return;
        }
        lost |= given;
        if (retry) {
            if (!later) { // another server may have been lost before it was given it
                later = true;
                publisher.sendLater(this, exchange);
            }
        } else {
            fail(exchange, cause);
        }
    }

    private static boolean refusesToPublish(Throwable cause) {
        return cause instanceof ServerErrorException e
                && e.error() instanceof PermissionsViolation violation
                && violation.operation() == Operation.PUBLISH;
    }

    private void fail(Exchange<PublishAck> exchange, Throwable cause) {
        if (exchange.release()) {
            exchange.endExceptionally(failure(cause));
        }
    }

    /** Whatever is said of a later try, an earlier one may have been stored. */
    private Throwable failure(Throwable cause) {
        return lost && !(cause instanceof PublishOutcomeUnknownException) ? unknown(cause) : cause;
    }

    private PublishOutcomeUnknownException unknown(Throwable cause) {
        String id = headers == null ? null : headers.get(PublishOptions.MESSAGE_ID);
        return new PublishOutcomeUnknownException(subject, id, cause);
    }

    private NoStreamException nobody() {
        return new NoStreamException(what() + ": " + publisher.nobody(retries), retries + 1, null);
    }

    @Override
    public void released() {
        if (windowed) {
            publisher.leaveWindow();
        }
    }

    @Override
    public PublishOutcomeUnknownException timedOut() {
        return unknown(new NatsTimeoutException("no ack came within " + Duration.ofNanos(timeoutNanos)));
    }

    private String what() {
        return "cannot publish to " + subject;
    }
}
