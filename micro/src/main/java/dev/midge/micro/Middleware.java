// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import java.util.concurrent.CompletionStage;

/**
 * Goes around each request: to log, measure, or refuse it.
 *
 * <pre>{@code
 * (request, next) -> {
 *     if (request.headers().contains("Token")) {
 *         return next.proceed();
 *     }
 *     request.error(401, "no token");
 *     return CompletableFuture.completedStage(null);
 * }
 * }</pre>
 */
@FunctionalInterface
public interface Middleware {
    /**
     * A request came; called as handlers are.
     *
     * @param next what is inside of this one, the handler at last
     * @return what {@code next} returned, or something that completes behind it
     * @throws Exception as a handler may throw it
     */
    CompletionStage<?> around(Request request, Next next) throws Exception;

    /** What is to come. */
    @FunctionalInterface
    interface Next {
        /** Goes on with it. Never throws: what was thrown fails the stage. */
        CompletionStage<?> proceed();
    }
}
