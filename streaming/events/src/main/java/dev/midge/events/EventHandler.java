// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

/**
 * Handles the messages of an {@link EventWithResponse}.
 *
 * @param <T> what is said
 * @param <R> what is responded
 */
@FunctionalInterface
public interface EventHandler<T, R> {
    /**
     * Handles a message. It is interrupted when {@link ActorBuilder#jobTimeout its time} is over.
     *
     * @return the response, for whoever requested it; never null
     * @throws Exception if it failed: the message is delivered again after {@link ActorBuilder#retryDelays a while}
     */
    R handle(T message) throws Exception;
}
