// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * What the messages of one consumption share.
 *
 * @param api null for messages that came otherwise
 * @param silent whether nothing is to be acknowledged, as the consumer does not want it
 */
record AckSender(Connection connection, @Nullable Api api, boolean silent) {
    static AckSender of(Api api) {
        return new AckSender(api.connection(), api, false);
    }

    static AckSender silent(Api api) {
        return new AckSender(api.connection(), api, true);
    }

    JetStreamMessage message(Message message) {
        return new JetStreamMessage(message, this);
    }

    /** Refuses what a server before 2.10.4 would take for no acknowledgement at all. */
    void requireTermReason(String what) {
        if (api != null && api.options().isOwn()) {
            api.require(what, "a reason", Since.V2_10_4);
        }
    }
}
