// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Calls handlers, with what goes around them. */
record AsyncHandling(RequestHandler.Async handler) implements RequestHandler {
    private static final CompletionStage<?> DONE = CompletableFuture.completedStage(null);

    /** Of which nobody has to know when it ends; an endpoint calls the handler inside. */
    @Override
    public void onRequest(Request request) throws Exception {
        CompletionStage<?> unused = handler.onRequest(request);
    }

    /** A handler with this around it, the first outermost. */
    static RequestHandler around(List<Middleware> middleware, RequestHandler handler) {
        RequestHandler inner = handler;
        for (int i = middleware.size() - 1; i >= 0; i--) {
            Middleware outer = middleware.get(i);
            RequestHandler inside = inner;
            inner = new AsyncHandling(request -> outer.around(request, () -> staged(inside, request)));
        }
        return inner;
    }

    /** Calls it, and tells when it has ended: null if it has. */
    static @Nullable CompletionStage<?> call(RequestHandler handler, Request request) throws Exception {
        if (handler instanceof AsyncHandling async) {
            return async.handler.onRequest(request);
        }
        handler.onRequest(request);
        return null;
    }

    @SuppressWarnings("CatchingUnchecked") // as of handlers: whatever they throw fails the request and nothing else
    private static CompletionStage<?> staged(RequestHandler handler, Request request) {
        try {
            CompletionStage<?> stage = call(handler, request);
            return stage == null ? DONE : stage;
        } catch (Throwable e) {
            return CompletableFuture.failedStage(e);
        }
    }
}
