// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.NatsTimeoutException;
import dev.midge.client.internal.Exchange;
import dev.midge.client.internal.ExchangeOwner;
import dev.midge.client.internal.Exchanges;
import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.ProtocolException;
import dev.midge.protocol.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request of the protocol. Its reply is read on the event loop, which completes {@link #answer} itself. */
final class Ask<T> implements ExchangeOwner<Boolean> {
    /** A header block of a status alone has one line. */
    private static final int MAX_HEADERS = 16;

    private final String what;
    private final String subject;
    private final Duration timeout;
    private final Reader<T> reader;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    /** Reads a reply, on the event loop. */
    @FunctionalInterface
    interface Reader<T> {
        /** What it says, or fails with an IOException if it is not what the protocol has. */
        T read(byte[] reply) throws IOException;
    }

    /** Nobody is subscribed to the subject: nobody can have done what was asked for. */
    static final class NobodyException extends StanException {
        private static final long serialVersionUID = 1L;

        NobodyException(String message) {
            super(message, null);
        }
    }

    private Ask(String what, String subject, Duration timeout, Reader<T> reader) {
        this.what = what;
        this.subject = subject;
        this.timeout = timeout;
        this.reader = reader;
    }

    /**
     * From any thread, never waits: sends a request.
     *
     * @param what as in {@code cannot connect ...}, for exceptions
     * @return fails with {@link NobodyException}, {@link NatsTimeoutException}, {@link StanException}, or what the connection says
     */
    static <T> CompletableFuture<T> send(
            Exchanges exchanges, String what, String subject, byte[] request, Duration timeout, Reader<T> reader) {
        Ask<T> ask = new Ask<>(what, subject, timeout, reader);
        try {
            var unused = exchanges.exchangeAsync(ask, subject, null, request, TimeUnit.NANOSECONDS.convert(timeout));
        } catch (NatsException | IllegalArgumentException e) {
            ask.answer.completeExceptionally(e);
        }
        return ask.answer;
    }

    @Override
    public boolean onReply(Exchange<Boolean> exchange, MessageView reply) {
        if (!exchange.release()) {
            return false;
        }
        exchange.end(true); // nobody looks at it
        if (reply.headerLength() > 0 && reply.payloadLength() == 0 && isNobody(reply)) {
            answer.completeExceptionally(new NobodyException(what + ": nobody is subscribed to " + subject));
            return true;
        }
        try {
            answer.complete(reader.read(reply.copyPayload()));
        } catch (IOException e) {
            answer.completeExceptionally(
                    new StanException(what + ": what answers on " + subject + " is no NATS Streaming server", e));
        } catch (StanException e) {
            answer.completeExceptionally(e);
        }
        return true;
    }

    static boolean isNobody(MessageView reply) {
        try {
            Status status = Headers.parse(reply.copyHeaders(), MAX_HEADERS).status();
            return status != null && status.code() == Status.NO_RESPONDERS;
        } catch (ProtocolException e) {
            return false;
        }
    }

    @Override
    public void onDeadline(Exchange<Boolean> exchange) {
        fail(exchange, timedOut());
    }

    @Override
    public void onFailure(Exchange<Boolean> exchange, Throwable cause, boolean given) {
        fail(exchange, cause);
    }

    private void fail(Exchange<Boolean> exchange, Throwable cause) {
        if (exchange.release()) {
            exchange.end(false);
            answer.completeExceptionally(cause);
        }
    }

    @Override
    public void released() {}

    @Override
    public NatsException timedOut() {
        return new NatsTimeoutException(what + ": no answer on " + subject + " within " + timeout);
    }

    /** Throws what the server says is wrong, if it does. */
    static void check(String what, @Nullable String error) {
        if (error != null && !error.isEmpty()) {
            throw new StanServerException(what, error);
        }
    }
}
