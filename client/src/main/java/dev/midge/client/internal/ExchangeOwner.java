// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.internal;

import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;

/** Decides what becomes of an {@link Exchange}. */
public interface ExchangeOwner<T> {
    /**
     * On the event loop: a reply came.
     *
     * @return false if that was too late
     */
    boolean onReply(Exchange<T> exchange, MessageView reply);

    /** On the event loop: its deadline is over, which it then has no more. */
    void onDeadline(Exchange<T> exchange);

    /**
     * From any thread, on the event loop if a server was given it: no reply can come to what was sent so far.
     *
     * @param cause a {@link dev.midge.client.DisconnectedException} if there may be another server, else of the end
     * @param given whether a server was given it, or a part of it
     */
    void onFailure(Exchange<T> exchange, Throwable cause, boolean given);

    /** From any thread, once: it has no place any more, or never had. */
    void released();

    /** What a thread gets that waited for longer than the event loop should have taken. */
    NatsException timedOut();
}
