// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a consumption that goes on, but for its end. When more wait for the listener than the connection's
 * {@link dev.midge.client.Options#eventLimit()}, they are dropped, but for the end.
 */
public sealed interface ConsumeEvent {
    /**
     * Nothing came for twice the time between heartbeats, or for one and a half of it behind a pull that nobody has answered: a
     * new pull is sent, and an ordered consumer made anew.
     *
     * @param silence how long, at least
     */
    record HeartbeatsMissed(Duration silence) implements ConsumeEvent {}

    /**
     * A status ended a pull before its time; another one follows.
     *
     * @param status what the server said
     */
    record PullEnded(Status status) implements ConsumeEvent {}

    /**
     * Another client is the pinned one of the group now.
     *
     * @param group the priority group
     */
    record PinLost(String group) implements ConsumeEvent {}

    /**
     * An ordered consumer is made anew, to go on behind the last message.
     *
     * @param consumer the name of the one that is left
     * @param reason why
     */
    record Restarted(String consumer, String reason) implements ConsumeEvent {}

    /**
     * Messages of a push consumer did not arrive; those that are to be acknowledged will be delivered again.
     *
     * @param expected the consumer's sequence number that was to come
     * @param received the one that came, or that the server says is the last
     */
    record Gap(long expected, long received) implements ConsumeEvent {}

    /**
     * Events were dropped here, as too many waited for the listener.
     *
     * @param count how many, since the event before this one
     */
    record EventsDropped(long count) implements ConsumeEvent {}

    /**
     * The end.
     *
     * @param end why
     * @param failure more about it, if nobody wanted it
     */
    record Ended(ConsumeEnd end, @Nullable JetStreamException failure) implements ConsumeEvent {}
}
