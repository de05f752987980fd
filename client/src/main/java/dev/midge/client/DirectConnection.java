// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import io.netty.buffer.ByteBuf;
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
