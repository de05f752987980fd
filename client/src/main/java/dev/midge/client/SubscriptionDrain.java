// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.concurrent.CompletableFuture;

/** The drain of a subscription: over when nothing is to come, and all that came has been handled. From any thread. */
final class SubscriptionDrain {
    private final NatsSubscription subscription;

    /** Completes wherever the last message is handled. */
    private final CompletableFuture<DrainResult> over = new CompletableFuture<>();

    SubscriptionDrain(NatsSubscription subscription) {
        this.subscription = subscription;
    }

    CompletableFuture<DrainResult> over() {
        return over;
    }

    long remaining() {
        return subscription.remainingMessages();
    }

    /** It may be over: something was handled, or nothing will come any more. */
    void check() {
        if (subscription.isDrained()) {
            over.complete(new DrainResult(true, 0, false));
        }
    }

    /** What remains is not going to be handled, or nobody waits for it. */
    void abandon() {
        check();
        over.complete(new DrainResult(false, remaining(), false));
    }
}
