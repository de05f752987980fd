// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Handles the requests to an endpoint. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * A request came. It is called on the executor of the endpoint, by one thread at a time, in the order in which the
     * requests came.
     *
     * @throws Exception whatever goes wrong: the requester gets error 500 with its text, it is counted and told to the
     *     {@linkplain Service.Builder#onError listener}, and the next request is handled
     */
    void onRequest(Request request) throws Exception;

    /**
     * A handler that may still be at work when it has returned. The next request is handled meanwhile; when a service
     * stops it waits for these too.
     */
    static RequestHandler async(Async handler) {
        return new AsyncHandling(Objects.requireNonNull(handler, "handler"));
    }

    /** A handler whose work ends later. */
    @FunctionalInterface
    interface Async {
        /**
         * As {@link RequestHandler#onRequest}.
         *
         * @return completes when the request has been handled and answered; its value is ignored. If it fails, that is as
         *     if the handler had thrown
         */
        CompletionStage<?> onRequest(Request request) throws Exception;
    }
}
