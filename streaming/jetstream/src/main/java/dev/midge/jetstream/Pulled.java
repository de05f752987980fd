// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Message;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.Subscription;
import dev.midge.client.SubscriptionClosedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one thread at a time takes from a subscription that an engine fills. */
final class Pulled {
    private final PullEngine engine;
    private final AckSender acks;
    private final Subscription subscription;

    /** Of the thread that takes. */
    private boolean over;

    Pulled(PullEngine engine, AckSender acks) {
        this.engine = engine;
        this.acks = acks;
        subscription = engine.open(null);
    }

    /**
     * The next message, waiting for it; null at the end, and if none came in time.
     *
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted
     * @throws IllegalStateException on an event loop
     */
    @Nullable
    JetStreamMessage take(long nanos) {
        if (over) {
            return null;
        }
        try {
            Message message = subscription.next(Duration.ofNanos(Math.max(0, nanos)));
            if (!Arrivals.isStatus(message)) {
                return acks.message(message);
            }
            over = true; // the engine has seen why
        } catch (SubscriptionClosedException e) {
            over = true;
        } catch (NatsTimeoutException e) {
            return null;
        }
        return null;
    }

    boolean isOver() {
        return over;
    }

    /** Nothing more is wanted of what may come. */
    void drop() {
        over = true;
        subscription.unsubscribe();
    }

    PullEngine engine() {
        return engine;
    }

    Subscription subscription() {
        return subscription;
    }
}
