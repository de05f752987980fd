// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.internal;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Subscription;
import dev.midge.protocol.Headers;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A connection as the modules built on the client see it. */
public interface Exchanges {
    /**
     * Of a connection.
     *
     * @throws IllegalArgumentException if it was not made by Midge
     */
    static Exchanges of(Connection connection) {
        if (connection.direct() instanceof Exchanges exchanges) {
            return exchanges;
        }
        throw new IllegalArgumentException("connection is a " + connection.getClass() + ": must be made by Nats");
    }

    /**
     * Sends a message and waits for its end.
     *
     * @param nanos until its first deadline
     * @throws RuntimeException as {@link Connection#request(dev.midge.client.Message, java.time.Duration)} does, or what
     *     it was ended with
     */
    <T> T exchange(ExchangeOwner<T> owner, String subject, @Nullable Headers headers, byte[] data, long nanos);

    /** As {@link #exchange}, without waiting; not even for room in the outbound buffer. */
    <T> CompletableFuture<T> exchangeAsync(
            ExchangeOwner<T> owner, String subject, @Nullable Headers headers, byte[] data, long nanos);

    /** The reply-to subject of a message as it came, in UTF-8, not to be changed; null if it has none or was not received. */
    byte @Nullable [] replyTo(Message message);

    /** Publishes to such a subject, as {@link Connection#publish(String, byte[])} does: it is not checked once more. */
    void answer(byte[] replyTo, byte[] data);

    /**
     * On the event loop: has what comes for a subscription come to another subject from now on.
     *
     * @param then runs on the event loop when all is here that came to the one before, also if the server is lost
     */
    void move(Subscription subscription, String subject, Runnable then);

    /** Whether the thread may wait: no event loop may. */
    boolean mayBlock();

    /** Nanoseconds on the clock of the event loop. */
    long now();

    /** Runs something on the executor, or in its place on another one. */
    void execute(Runnable task);

    /** As {@link #execute}, what completes a future: in one task with all else that a burst of reads completes. */
    void complete(Runnable completion);

    /**
     * Runs something behind all that a burst of reads brings, and before anything that it {@linkplain #complete completes}, if
     * this is the event loop and it reads; else at once. Either way on this thread.
     */
    void behindReads(Runnable task);
}
