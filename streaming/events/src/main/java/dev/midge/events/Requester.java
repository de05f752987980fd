// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.client.DirectConnection;
import dev.midge.client.Message;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.SubscribeOptions;
import dev.midge.client.Subscription;
import dev.midge.client.SubscriptionClosedException;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.PublishAck;
import dev.midge.jetstream.PublishOptions;
import dev.midge.protocol.Nuid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Publishes to a stream, and waits for what comes to an inbox. */
final class Requester {
    private static final SubscribeOptions ONE =
            SubscribeOptions.builder().maxMessages(1).build();

    private final JetStream js;
    private final Connection connection;

    Requester(JetStream js) {
        this.js = js;
        connection = js.connection();
    }

    String inbox() {
        return connection.options().inboxPrefix() + '.' + Nuid.next();
    }

    <R> R request(EventWithResponse<?, R> event, Message message, String inbox, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Subscription responses = connection.subscribe(inbox, ONE)) {
            refuseDuplicate(event, message, js.publish(message, within(timeout)));
            return decoded(event, responses.next(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
        } catch (SubscriptionClosedException e) {
            throw ended(event, e);
        } catch (NatsTimeoutException e) {
            throw late(event, timeout);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what follows from one future is told by the other
    <R> CompletableFuture<R> requestAsync(
            EventWithResponse<?, R> event, Message message, String inbox, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        CompletableFuture<R> result = new CompletableFuture<>();
        Subscription responses = connection.subscribe(inbox, ONE);
        result.whenComplete((response, failure) -> responses.unsubscribe());
        responses.publisher().subscribe(new First<>(event, result));
        try {
            js.publishAsync(message, within(timeout)).whenComplete((ack, failure) -> {
                if (failure != null) {
                    Throwable cause = failure.getCause();
                    result.completeExceptionally(
                            failure instanceof CompletionException && cause != null ? cause : failure);
                } else {
                    stored(event, message, ack, deadline - System.nanoTime(), timeout, result);
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
            throw e;
        }
        return result;
    }

    /** The time for the response ends only now: before, it was that for the ack. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void stored(
            EventWithResponse<?, ?> event,
            Message message,
            PublishAck ack,
            long nanosLeft,
            Duration timeout,
            CompletableFuture<?> result) {
        try {
            refuseDuplicate(event, message, ack);
            DirectConnection direct = connection.direct();
            Future<?> timer = direct.eventLoop()
                    .schedule(
                            () -> direct.executor().execute(() -> result.completeExceptionally(late(event, timeout))),
                            nanosLeft,
                            TimeUnit.NANOSECONDS);
            result.whenComplete((response, failure) -> timer.cancel(false));
        } catch (DuplicateEventException e) {
            result.completeExceptionally(e);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(ended(event, e)); // as its event loop has
        }
    }

    /** Completes a future with the first response, or with the reason why there will be none. */
    private record First<R>(EventWithResponse<?, R> event, CompletableFuture<R> result)
            implements Flow.Subscriber<Message> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(Message response) {
            try {
                result.complete(decoded(event, response));
            } catch (CodecException e) {
                result.completeExceptionally(e);
            }
        }

        @Override
        public void onError(Throwable cause) {
            result.completeExceptionally(ended(event, cause));
        }

        @Override
        public void onComplete() {
            result.completeExceptionally(ended(event, null));
        }
    }

    private static EventException ended(Event<?> event, @Nullable Throwable cause) {
        return new EventException(
                "cannot get a response of " + event + ": the connection has ended; the message may be handled", cause);
    }

    private static PublishOptions within(Duration timeout) {
        return PublishOptions.builder().timeout(timeout).build();
    }

    private static void refuseDuplicate(Event<?> event, Message message, PublishAck ack) {
        if (ack.duplicate()) {
            throw new DuplicateEventException(
                    "cannot request a response of " + event + ": its stream has had a message of uid "
                            + message.headers().get(EventHeaders.MESSAGE_ID) + " before, as " + ack.sequence()
                            + ", and nobody will respond to another");
        }
    }

    private static <R> R decoded(EventWithResponse<?, R> event, Message response) {
        return CodecException.decode(event.responseCodec(), response.data(), "a response of " + event);
    }

    private static NatsTimeoutException late(Event<?> event, Duration timeout) {
        return new NatsTimeoutException("cannot get a response of " + event + ": none came within " + timeout
                + "; the message is stored, and may still be handled");
    }
}
