// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A call that waits in a thread of its own. */
final class Waiting {
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final Thread thread;

    private Waiting(ThrowingCallable call) {
        thread = new Thread(() -> run(call), "waiting");
        thread.setDaemon(true);
    }

    /** Makes the call, and returns when its thread waits for something. */
    static Waiting in(ThrowingCallable call) {
        Waiting waiting = new Waiting(call);
        waiting.thread.start();
        Eventually.isTrue("the call to wait", () -> {
            Thread.State state = waiting.thread.getState();
            assertThat(waiting.result).isNotDone();
            return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        });
        return waiting;
    }

    private void run(ThrowingCallable call) {
        try {
            call.call();
            result.complete(null);
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /** What the call threw, waiting for its end; null if it returned. */
    @Nullable
    Throwable failure() {
        return failure(result);
    }

    /** What a future failed with, waiting for its end; null if it did not fail. */
    static @Nullable Throwable failure(CompletableFuture<?> future) {
        try {
            future.copy().orTimeout(Session.LONG.toSeconds(), TimeUnit.SECONDS).join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
