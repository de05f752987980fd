// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.client.Connection;
import dev.midge.client.DrainResult;
import dev.midge.client.Message;
import dev.midge.client.Subscription;
import dev.midge.client.internal.BatchHandler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A subscription whose messages are requests. */
final class Endpoint implements BatchHandler {
    /** Of how many requests at least it is known whose answer a server refused: a power of two. */
    private static final int REMEMBERED = 256;

    private final Service service;
    private final Unfinished unfinished;
    private final EndpointInfo info;
    private final RequestHandler handler;
    private final Counts counts = new Counts();
    private final Subscription subscription;

    /** Reply-to subjects of the last requests. */
    private final AtomicReferenceArray<@Nullable String> repliedTo = new AtomicReferenceArray<>(REMEMBERED);

    // Of the one call of the handler there is at a time.
    private long begun;
    private long lastEnd;

    Endpoint(
            Service service,
            Unfinished unfinished,
            Connection nc,
            EndpointOptions options,
            Scope scope,
            RequestHandler handler) {
        this.service = service;
        this.unfinished = unfinished;
        this.info = new EndpointInfo(options.name(), scope.prefix(), scope.queue(), options.metadata(), Map.of());
        this.handler = AsyncHandling.around(scope.middleware(), handler);
        this.subscription = nc.subscribe(info.subject(), scope.subscribeOptions(), this);
    }

    EndpointInfo info() {
        return info;
    }

    Counts counts() {
        return counts;
    }

    boolean has(@Nullable Subscription some) {
        return subscription == some;
    }

    /** Whether one of the last requests was to be answered there. */
    boolean repliedTo(String subject) {
        for (int i = 0; i < REMEMBERED; i++) {
            if (subject.equals(repliedTo.get(i))) {
                return true;
            }
        }
        return false;
    }

    CompletableFuture<DrainResult> drain(Duration timeout) {
        return subscription.drainAsync(timeout);
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // whatever a handler throws fails the request and nothing else
    public void onMessage(Message message, boolean follows) {
        Request request = new Request(this, message);
        repliedTo.lazySet((int) (begun++ & (REMEMBERED - 1)), message.replyTo());
        long start = follows ? lastEnd : System.nanoTime(); // one look at the clock for each
        CompletionStage<?> stage = null;
        try {
            stage = AsyncHandling.call(handler, request);
        } catch (Throwable e) {
            failed(request, e);
        }
        lastEnd = System.nanoTime();
        if (stage == null) {
            counts.handled(request, lastEnd - start);
        } else {
            later(request, start, stage);
        }
    }

    private void later(Request request, long start, CompletionStage<?> stage) {
        unfinished.began();
        CompletionStage<?> unused = stage.whenComplete((ignored, failure) -> {
            if (failure != null) {
                Throwable cause = failure.getCause();
                failed(request, failure instanceof CompletionException && cause != null ? cause : failure);
            }
            counts.handled(request, System.nanoTime() - start);
            unfinished.ended();
        });
    }

    private void failed(Request request, Throwable failure) {
        String description = Replies.description(failure);
        counts.failed(request, Replies.INTERNAL_ERROR + ":" + description);
        RuntimeException unsent =
                Replies.send(request.message(), Replies.error(Replies.INTERNAL_ERROR, description, Replies.NO_DATA));
        if (unsent != null && unsent != failure) {
            failure.addSuppressed(unsent);
        }
        service.report(info, request, failure);
    }

    /** An answer was sent, or could not be. */
    void sent(Request request, @Nullable RuntimeException unsent) {
        if (unsent != null) {
            counts.failed(request, Replies.INTERNAL_ERROR + ":" + Replies.description(unsent));
            service.report(info, request, unsent);
        }
    }
}
