// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.internal.Exchanges;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the messages of one consumption share: where their acknowledgements go. */
final class AckSender {
    private static final byte[] PREFIX = MessageMetadata.PREFIX.getBytes(US_ASCII);

    private final Connection connection;
    private final @Nullable Api api;
    private final @Nullable Exchanges exchanges;
    private final boolean silent;

    private AckSender(Connection connection, @Nullable Api api, @Nullable Exchanges exchanges, boolean silent) {
        this.connection = connection;
        this.api = api;
        this.exchanges = exchanges;
        this.silent = silent;
    }

    static AckSender of(Api api) {
        return new AckSender(api.connection(), api, Exchanges.of(api.connection()), false);
    }

    /** For a consumer that wants no acknowledgements: none are sent. */
    static AckSender silent(Api api) {
        return new AckSender(api.connection(), api, Exchanges.of(api.connection()), true);
    }

    /** For messages that came otherwise, by whatever connection. */
    static AckSender plain(Connection connection) {
        return new AckSender(Objects.requireNonNull(connection, "connection"), null, null, false);
    }

    Connection connection() {
        return connection;
    }

    boolean isSilent() {
        return silent;
    }

    JetStreamMessage message(Message message) {
        return new JetStreamMessage(message, this);
    }

    /** Whether a message is from JetStream: by the bytes that came, where they are at hand. */
    boolean isJetStream(Message message) {
        byte[] reply = exchanges == null ? null : exchanges.replyTo(message);
        if (reply != null) {
            int length = PREFIX.length;
            return reply.length >= length && Arrays.equals(reply, 0, length, PREFIX, 0, length);
        }
        String text = message.replyTo();
        return text != null && text.startsWith(MessageMetadata.PREFIX);
    }

    /** Acknowledges a message from JetStream. */
    void send(Message message, byte[] payload) {
        byte[] reply = exchanges == null ? null : exchanges.replyTo(message);
        if (exchanges != null && reply != null) {
            exchanges.answer(reply, payload);
        } else {
            connection.publish(Objects.requireNonNull(message.replyTo(), "replyTo"), payload);
        }
    }

    /** Refuses what a server before 2.10.4 would take for no acknowledgement at all. */
    void requireTermReason(String what) {
        if (api != null && api.options().isOwn()) {
            api.require(what, "a reason", Since.V2_10_4);
        }
    }
}
