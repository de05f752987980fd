// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Message;
import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.ProtocolException;
import dev.midge.protocol.Status;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/** Tells messages from what the server says in their place, and what they count for. */
final class Arrivals {
    /** Where a header block has its status: behind {@code NATS/1.0}. */
    private static final int STATUS_AT = 8;

    /** More than the server puts into a status. */
    private static final int MOST_HEADERS = 64;

    private Arrivals() {}

    /** On the event loop: whether it is a status. Those have no payload, so that of most messages nothing is looked at. */
    static boolean isStatus(MessageView view) {
        if (view.payloadLength() > 0 || view.headerLength() <= STATUS_AT) {
            return false;
        }
        var block = view.headers();
        return block.getByte(block.readerIndex() + STATUS_AT) == ' ';
    }

    /** Whether it is a status that was passed on. */
    static boolean isStatus(Message message) {
        return message.hasHeaders() && message.size() == 0 && status(message.headers()) != null;
    }

    /** The headers of a status. */
    static Headers headers(MessageView view) {
        return Headers.parse(view.copyHeaders(), MOST_HEADERS);
    }

    /** The status, or null if there is none that can be read. */
    static @Nullable Status status(Headers headers) {
        try {
            return headers.status();
        } catch (ProtocolException e) {
            return null;
        }
    }

    /** The value of a header that is a number; otherwise of another one. */
    static long number(Headers headers, String name, long otherwise) {
        try {
            String value = headers.get(name);
            return value == null ? otherwise : Long.parseLong(value.strip());
        } catch (NumberFormatException | ProtocolException e) {
            return otherwise;
        }
    }

    /** What a message counts for among the bytes asked for, as the server counts. */
    static long size(MessageView view) {
        return (long) view.subjectLength() + view.replyLength() + view.headerLength() + view.payloadLength();
    }

    /** As {@link #size(MessageView)}. */
    static long size(Message message) {
        String reply = message.replyTo();
        return (long) ByteBufUtil.utf8Bytes(message.subject())
                + (reply == null ? 0 : ByteBufUtil.utf8Bytes(reply))
                + (message.hasHeaders() ? message.headers().blockLength() : 0)
                + message.size();
    }

    /** The number at the end of a subject, behind its last dot; negative if there is none. */
    static long lastNumber(MessageView view) {
        long number = 0;
        long power = 1;
        int at = view.subjectLength() - 1;
        for (; at >= 0 && view.subjectByte(at) != '.'; at--) {
            int digit = view.subjectByte(at) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number += digit * power;
            power *= 10;
        }
        return power == 1 ? -1 : number;
    }
}
