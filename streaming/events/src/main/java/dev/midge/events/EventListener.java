// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

/**
 * Handles the messages of an {@link Event}, and has nothing to respond.
 *
 * @param <T> what is said
 */
@FunctionalInterface
public interface EventListener<T> {
    /**
     * Handles a message. It is interrupted when {@link ActorBuilder#jobTimeout its time} is over.
     *
     * @throws Exception if it failed: the message is delivered again after {@link ActorBuilder#retryDelays a while}
     */
    void handle(T message) throws Exception;
}
