// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.NatsInterruptedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The blocking forms, and the futures of users. */
final class Waiting {
    private Waiting() {}

    /** Waits for what the event loop is bound to complete. */
    static <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NatsInterruptedException(what + ": interrupted while waiting for the server", e);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new StanException("failed", cause);
    }

    /** What users get: it completes on the executor. */
    static <T> CompletableFuture<T> onExecutor(CompletableFuture<T> future, Executor executor) {
        CompletableFuture<T> users = new CompletableFuture<>();
        var unused = future.whenComplete((value, failure) -> executor.execute(() -> settle(users, value, failure)));
        return users;
    }

    /** Has a future end as another one did, which is told by its value or its failure. */
    static <T> void settle(CompletableFuture<? super T> future, T value, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(cause(failure));
        }
    }

    /** What went wrong, without the wrapping of a stage. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
