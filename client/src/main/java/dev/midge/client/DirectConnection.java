// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A connection without the copy and the thread in between: handlers run on the event loop and see the receive buffer,
 * payloads come from Netty's buffers.
 */
public interface DirectConnection {
    /** Subscribes with a handler that runs on the event loop; see {@link DirectHandler}. */
    Subscription subscribe(String subject, DirectHandler handler);

    /**
     * As {@link #subscribe(String, DirectHandler)}, with options, of which the pending limits, the overflow policy and
     * the executor have no meaning here.
     */
    Subscription subscribe(String subject, SubscribeOptions options, DirectHandler handler);

    /**
     * As {@link Connection#subscribe(String, SubscribeOptions, MessageHandler)}, with a filter on the event loop, which sees
     * all that comes for it before it becomes pending.
     *
     * @param handler null for a subscription to be consumed by {@link Subscription#next} and its like
     */
    Subscription subscribe(
            String subject, SubscribeOptions options, DirectFilter filter, @Nullable MessageHandler handler);

    /**
     * The connection's event loop: what it is given runs in turn with direct handlers, filters and timers of the connection, and
     * must not block. It takes nothing when the connection has ended and its event loops with it; it is not to be shut down.
     */
    ScheduledExecutorService eventLoop();

    /**
     * Where handlers run and futures complete, for what is built on a connection. When that takes no more, the common pool
     * stands in: so nothing is lost at the end of the connection.
     */
    Executor executor();

    /**
     * Publishes the readable bytes of a buffer, whose indices are left as they are. The buffer stays the caller's. From
     * 16 KiB on it is written by reference: it is retained meanwhile, and must not be changed until it is written (which
     * {@link Connection#flush} tells). Otherwise as {@link Connection#publish(String, byte[])}; on an event loop it
     * never waits.
     */
    void publish(String subject, ByteBuf payload);

    /** As {@link #publish(String, ByteBuf)}, with a reply-to subject. */
    void publish(String subject, @Nullable String replyTo, ByteBuf payload);

    /** As {@link #publish(String, ByteBuf)}, or false at once if the outbound buffer is full. */
    boolean tryPublish(String subject, @Nullable String replyTo, ByteBuf payload);
}
