// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where the responses to a request wait for their consumer. The server knows nothing of it: {@link RequestInbox} does. */
final class ResponseSubscription extends QueuedSubscription {
    private final ManyRequest request;
    private final RequestManyOptions options;

    ResponseSubscription(
            NatsConnection connection,
            ManyRequest request,
            RequestManyOptions options,
            @Nullable MessageHandler handler) {
        super(connection, request.subject(), SubscribeOptions.DEFAULTS, 0, null, handler);
        this.request = request;
        this.options = options;
    }

    @Override
    void withdraw() {
        request.withdraw();
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // whatever a predicate throws must not stop delivery
    boolean admit(Message message) {
        Predicate<Message> sentinel = options.sentinel();
        try {
            if (sentinel == null || !sentinel.test(message)) {
                return true;
            }
        } catch (Throwable e) {
            connection().handlerFailed(this, message, e);
            return true;
        }
        request.sentinelSeen();
        unsubscribe();
        return options.includesSentinel();
    }

    @Override
    void checkDrained() {
        super.checkDrained();
        if (isDrained()) {
            request.consumed();
        }
    }

    @Override
    public String toString() {
        return "Responses to " + subject();
    }
}
