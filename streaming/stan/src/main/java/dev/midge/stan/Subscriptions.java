// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The subscriptions of a connection, in the order in which they were made. Of the event loop. */
final class Subscriptions {
    private final Set<StanSubscription> open = new LinkedHashSet<>();

    void add(StanSubscription subscription) {
        open.add(subscription);
    }

    void remove(StanSubscription subscription) {
        open.remove(subscription);
    }

    List<StanSubscription> all() {
        return List.copyOf(open);
    }

    void endAll() {
        all().forEach(StanSubscription::end);
        open.clear();
    }

    /** Has another session take them; completes when each of them is there, or has ended. */
    CompletableFuture<Void> reopen(Session session) {
        return CompletableFuture.allOf(
                all().stream().map(subscription -> subscription.reopen(session)).toArray(CompletableFuture<?>[]::new));
    }
}
