// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import java.time.Duration;

/**
 * Is told of the attempts of an actor: for logs, metrics and traces, not to control anything. Called where the handler runs, or on
 * the connection's executor at a time-out, and so by many threads at once. What it throws is logged, and changes nothing.
 */
public interface Middleware {
    /** Right before the handler runs. */
    default void onStart(Attempt attempt) {}

    /** The attempt failed, and the message will be delivered again. There was no {@link #onStart} if it could not be decoded. */
    default void onFailure(Attempt attempt, Throwable cause) {}

    /** The message was handled and acknowledged. */
    default void onSuccess(Attempt attempt, Duration duration) {}
}
