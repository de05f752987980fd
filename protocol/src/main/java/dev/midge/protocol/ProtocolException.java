// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The peer sent something outside the grammar of the NATS protocol or over a limit. The text quotes the
 * offending bytes, escaped and cut. Where it comes from a connection, that connection is over.
 */
public final class ProtocolException extends NatsException {
    /** How many of the offending bytes the text quotes. */
    static final int QUOTED_BYTES = 64;

    private static final long serialVersionUID = 1L;

    /** An exception with a text alone. */
    public ProtocolException(String message) {
        super(message);
    }

    /** An exception with a text and what caused it. */
    public ProtocolException(String message, Throwable cause) {
        super(message, cause);
    }

    /** An exception whose text ends with the given bytes, escaped, at most {@value #QUOTED_BYTES} of them. */
    static ProtocolException quoting(String what, byte[] bytes, int offset, int length) {
        StringBuilder text = new StringBuilder(what).append(": \"");
        for (int i = 0; i < Math.min(length, QUOTED_BYTES); i++) {
            appendEscaped(text, bytes[offset + i]);
        }
        return new ProtocolException(text.append(length > QUOTED_BYTES ? "\"... (" + length + " bytes)" : "\"")
                .toString());
    }

    /** As {@link #quoting(String, byte[], int, int)}, of a part of a buffer, whose indices stay as they are. */
    static ProtocolException quoting(String what, ByteBuf buffer, int index, int length) {
        byte[] head = new byte[Math.min(length, QUOTED_BYTES + 1)];
        buffer.getBytes(index, head);
        return quoting(what, head, 0, head.length);
    }

    private static void appendEscaped(StringBuilder text, byte b) {
        switch (b) {
            case '\r' -> text.append("\\r");
            case '\n' -> text.append("\\n");
            case '\t' -> text.append("\\t");
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            default -> {
                if (b >= ' ' && b < 127) {
                    text.append((char) b);
                } else {
                    text.append(String.format("\\x%02x", b));
                }
            }
        }
    }
}
