// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Info;
import dev.midge.protocol.ServerError.PermissionsViolation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a connection.
 *
 * <p>When more wait for the listener than {@link Options#eventLimit()}, they are dropped, and {@link EventsDropped} tells how
 * many. What tells of the state of the connection is not: {@link Connected}, {@link Disconnected}, {@link Reconnected},
 * {@link LameDuck}, {@link Draining}, {@link Drained} and {@link Closed}; nor is {@link MessagesDiscarded}. These wait up to twice
 * the limit. Over that, as with a listener that never returns while the connection is lost again and again, the last one of
 * each type waits, in order, so that the state is right in the end, and {@link MessagesDiscarded} has the sum.
 */
public sealed interface ConnectionEvent {
    /**
     * The connection is established.
     *
     * @param server the address that was connected to
     * @param info what the server said of itself
     */
    record Connected(String server, Info info) implements ConnectionEvent {}

    /**
     * The connection has lost its server, and looks for another one or for the same again.
     *
     * @param server the address that it was connected to
     * @param reason why
     * @param cause what went wrong
     */
    record Disconnected(String server, EndReason reason, Throwable cause) implements ConnectionEvent {}

    /**
     * A server did not take the connection; the next attempt follows, unless {@link Closed} does. Told of all attempts
     * but those of a first connect that fails as a whole, whose exception has them.
     *
     * @param server the address
     * @param attempt how many attempts there were since the connection was lost, from 1 on
     * @param cause why
     */
    record ReconnectFailed(String server, int attempt, Throwable cause) implements ConnectionEvent {}

    /**
     * The connection is established again: the server knows all subscriptions, and what was queued is being written.
     *
     * @param server the address that was connected to
     * @param info what the server said of itself
     * @param attempts how many attempts it took
     */
    record Reconnected(String server, Info info, int attempts) implements ConnectionEvent {}

    /**
     * A server told of other servers, not heard of before, which may be used from now on.
     *
     * @param servers their addresses
     */
    record ServersDiscovered(List<String> servers) implements ConnectionEvent {
        /** Copies the list. */
        public ServersDiscovered {
            servers = List.copyOf(servers);
        }
    }

    /**
     * {@link Connection#drain} has begun.
     *
     * @param server the address connected to, last
     */
    record Draining(String server) implements ConnectionEvent {}

    /**
     * {@link Connection#drain} is over, and closes the connection now. Not told if the connection ends before.
     *
     * @param result how it went
     */
    record Drained(DrainResult result) implements ConnectionEvent {}

    /**
     * The connection has ended: the last event, but for those of subscriptions that still consume what was received.
     *
     * @param server the address that it was connected to last
     * @param reason why
     * @param cause what went wrong, null if nothing did
     */
    record Closed(String server, EndReason reason, @Nullable Throwable cause) implements ConnectionEvent {}

    /**
     * The server is about to shut down and asks its clients to leave.
     *
     * @param server the address connected to
     */
    record LameDuck(String server) implements ConnectionEvent {}

    /**
     * A subscription has reached its pending limits; told once until it has recovered.
     *
     * @param subscription which
     * @param pendingMessages how many messages are pending
     * @param pendingBytes how many bytes of payload and headers are pending
     * @param dropped how many messages the subscription has dropped in its life
     */
    record SlowConsumer(Subscription subscription, long pendingMessages, long pendingBytes, long dropped)
            implements ConnectionEvent {}

    /**
     * A slow subscription has worked off half of its pending limits.
     *
     * @param subscription which
     * @param droppedMeanwhile how many messages were dropped since {@link SlowConsumer}
     * @param dropped how many messages the subscription has dropped in its life
     */
    record SlowConsumerRecovered(Subscription subscription, long droppedMeanwhile, long dropped)
            implements ConnectionEvent {}

    /**
     * The server refused a publish or a subscription.
     *
     * @param error what the server said, with the operation and the subject
     * @param subscription the subscription that was refused and has ended; null for a publish, or if it is gone
     */
    record PermissionDenied(
            PermissionsViolation error, @Nullable Subscription subscription) implements ConnectionEvent {}

    /**
     * The server sent any other {@code -ERR}.
     *
     * @param error what the server said
     */
    record ServerError(dev.midge.protocol.ServerError error) implements ConnectionEvent {}

    /**
     * Messages that were accepted for publishing will not be written, or were written only in part.
     *
     * @param messages how many
     * @param bytes how many bytes were not written, those of other frames included
     * @param cause why
     */
    record MessagesDiscarded(long messages, long bytes, Throwable cause) implements ConnectionEvent {}

    /**
     * A handler threw. Delivery goes on.
     *
     * @param subscription whose handler
     * @param message the message it was given; null for a direct handler, and where the executor did not take the
     *     handler's task: then messages stay pending, and it is tried again soon
     * @param cause what it threw
     */
    record HandlerFailed(
            Subscription subscription, @Nullable Message message, Throwable cause) implements ConnectionEvent {}

    /**
     * A callback of the options threw, or what it returned cannot be used. The connection does what it does without it.
     *
     * @param callback the option
     * @param cause what it threw, or what is wrong with what it returned
     */
    record CallbackFailed(String callback, Throwable cause) implements ConnectionEvent {}

    /**
     * Events were dropped here, as too many waited for the listener.
     *
     * @param count how many, since the event before this one
     */
    record EventsDropped(long count) implements ConnectionEvent {}
}
