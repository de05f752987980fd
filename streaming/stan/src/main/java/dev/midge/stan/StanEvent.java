// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import org.jspecify.annotations.Nullable;

/**
 * What happens to a streaming connection. When more wait for the listener than the NATS connection's
 * {@link dev.midge.client.Options#eventLimit()}, they are dropped, but for {@link SessionLost}, {@link Reestablished},
 * {@link SubscriptionLost} and {@link Closed}: these wait up to twice the limit, and over that the last one of each.
 */
public sealed interface StanEvent {
    /**
     * The connection is lost: the server does not know the session any more, or does not answer. All outstanding publishes have
     * failed; what follows is by option, {@link OnSessionLost}.
     *
     * @param reason why
     * @param detail more about it, such as what the server said
     */
    record SessionLost(StanEndReason reason, String detail) implements StanEvent {}

    /**
     * An attempt to establish the session again has failed; the next one follows.
     *
     * @param attempt which, from 1 on
     * @param cause why
     */
    record ReestablishFailed(int attempt, Throwable cause) implements StanEvent {}

    /**
     * There is a session again, and all subscriptions are part of it, but for those that {@link SubscriptionLost} was told of.
     *
     * @param attempts how many it took
     */
    record Reestablished(int attempts) implements StanEvent {}

    /**
     * The server refused a subscription when it was to be established again. It has ended.
     *
     * @param subscription which
     * @param cause what the server said
     */
    record SubscriptionLost(StanSubscription subscription, Throwable cause) implements StanEvent {}

    /**
     * A handler threw. The message was not acknowledged, and will be delivered again; delivery goes on.
     *
     * @param subscription whose handler
     * @param message the message it was given
     * @param cause what it threw
     */
    record HandlerFailed(StanSubscription subscription, StanMessage message, Throwable cause) implements StanEvent {}

    /**
     * A message was received that is damaged: its checksum is wrong, or it cannot be read. It was not given to the handler nor
     * acknowledged, and so will be delivered again.
     *
     * @param subscription that it came for
     * @param cause what is wrong with it
     */
    record MessageDamaged(StanSubscription subscription, Throwable cause) implements StanEvent {}

    /**
     * Events were dropped here, as too many waited for the listener.
     *
     * @param count how many, since the event before this one
     */
    record EventsDropped(long count) implements StanEvent {}

    /**
     * The streaming connection has ended: the last event, but for those of handlers that are running.
     *
     * @param reason why
     * @param cause what went wrong, also with saying goodbye to the server; null if nothing did
     */
    record Closed(StanEndReason reason, @Nullable Throwable cause) implements StanEvent {}
}
