// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The direct side of a connection. */
record DirectApi(NatsConnection connection, Publishing publishing) implements DirectConnection {
    @Override
    public Subscription subscribe(String subject, DirectHandler handler) {
        return subscribe(subject, SubscribeOptions.DEFAULTS, handler);
    }

    @Override
    public Subscription subscribe(String subject, SubscribeOptions options, DirectHandler handler) {
        return connection.subscribeDirect(subject, options, handler);
    }

    @Override
    public void publish(String subject, ByteBuf payload) {
        publishing.publish(subject, null, payload);
    }

    @Override
    public void publish(String subject, @Nullable String replyTo, ByteBuf payload) {
        publishing.publish(subject, replyTo, payload);
    }

    @Override
    public boolean tryPublish(String subject, @Nullable String replyTo, ByteBuf payload) {
        return publishing.tryPublish(subject, replyTo, payload);
    }
}
