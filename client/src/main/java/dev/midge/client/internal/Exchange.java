// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.internal;

import dev.midge.protocol.Headers;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message that one reply is awaited to: a request whose owner decides what ends it. It has a place in the connection's
 * index of requests until it is released: whoever releases it is to end it.
 */
public interface Exchange<T> {
    /** What the user gets. Whoever cancels or completes it himself wants no reply any more. */
    CompletableFuture<T> future();

    /** Gives up its place; false if it has none any more. From any thread. */
    boolean release();

    /** Completes the future of what was released: on the executor, unless a thread waits for it. From any thread. */
    void end(T value);

    /** As {@link #end}, with a failure. */
    void endExceptionally(Throwable cause);

    /** Which of the messages of the connection it was, when it was sent last; 0 if it was not. */
    long number();

    /** Sets the deadline to so many nanoseconds from now, unless it has been released. From any thread. */
    void setDeadline(long nanos);

    /**
     * Sends a message once more, whose replies come as those of the first.
     *
     * @param maxWaitNanos how long to wait for room in the outbound buffer at most; not on an event loop
     * @throws RuntimeException as {@link dev.midge.client.Connection#publish(dev.midge.client.Message)} does
     */
    void send(@Nullable Headers headers, byte[] data, long maxWaitNanos);
}
