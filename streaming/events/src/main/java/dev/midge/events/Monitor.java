// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Subscription;
import java.util.List;
import java.util.function.Consumer;

/** Sees what is emitted, live, until it is closed. Made by {@link EventConnection#monitor}; thread-safe. */
public final class Monitor implements AutoCloseable {
    private final List<Subscription> subscriptions;

    private final Consumer<Monitor> onClose;

    Monitor(List<Subscription> subscriptions, Consumer<Monitor> onClose) {
        this.subscriptions = subscriptions;
        this.onClose = onClose;
    }

    /** Sees no more; what has come and was not seen yet is dropped. Does not wait. */
    @Override
    public void close() {
        subscriptions.forEach(Subscription::unsubscribe);
        onClose.accept(this);
    }
}
