// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * permessage-deflate (RFC 7692) without memory from message to message: what each side deflates ends with an empty
 * block, of which {@code 00 00 ff ff} is left out. Not Netty's, which inflates whole frames, with a channel for each.
 */
final class WebSocketDeflate {
    private static final String NAME = "permessage-deflate";
    private static final String SERVER_FORGETS = "server_no_context_takeover";
    private static final String CLIENT_FORGETS = "client_no_context_takeover";

    /** The value of Sec-WebSocket-Extensions to ask for it. */
    static final String OFFER = NAME + "; " + SERVER_FORGETS + "; " + CLIENT_FORGETS;

    /** Less is not made smaller by it: nats-server has the same bound. */
    static final int MIN_BYTES = 64;

    private static final int TAIL_BYTES = 4;
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    /** How much is inflated before it is passed on. */
    private static final int PIECE = 32 << 10;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final Inflater inflater = new Inflater(true);
    private final int maxMessage;
    private long inflated;
    private boolean closed;

    /** @param maxMessage how long a message may be after it is inflated, in bytes */
    WebSocketDeflate(int maxMessage) {
        this.maxMessage = maxMessage;
    }

    /** Whether a server's Sec-WebSocket-Extensions takes up the offer as it was made. */
    static boolean isAnswer(String extensions) {
        Set<String> parameters = new HashSet<>();
        String[] parts = extensions.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            parameters.add(parts[i].trim());
        }
        return parts[0].trim().equals(NAME) && parameters.equals(Set.of(SERVER_FORGETS, CLIENT_FORGETS));
    }

    /** One message, deflated; null if that is no shorter. */
    @Nullable
    ByteBuf deflate(ByteBufAllocator allocator, ByteBuf message) {
        int length = message.readableBytes();
        ByteBuf out = allocator.directBuffer(length, length);
        boolean shorter = false;
        try {
            ByteBuffer target = out.nioBuffer(0, length);
            deflater.setInput(message.nioBuffer());
            int written = deflater.deflate(target, Deflater.SYNC_FLUSH);
            shorter = written < length; // else there may be more to come
            out.writerIndex(Math.max(0, written - TAIL_BYTES));
            return shorter ? out : null;
        } finally {
            deflater.reset();
            if (!shorter) {
                out.release();
            }
        }
    }

    /**
     * Inflates a part of a message.
     *
     * @param last whether the message ends here
     * @param target takes what was inflated, piece by piece, and owns it; false if it wants no more
     * @return false if the message becomes too large
     * @throws DataFormatException if it is not deflated
     */
    boolean inflate(ByteBufAllocator allocator, ByteBuf part, boolean last, Predicate<ByteBuf> target)
            throws DataFormatException {
        boolean fits = part.readableBytes() == 0 || inflate(allocator, part.nioBuffer(), target);
        if (last && fits && !closed) {
            fits = inflate(allocator, ByteBuffer.wrap(TAIL), target);
            inflater.reset();
            inflated = 0;
        }
        return fits;
    }

    private boolean inflate(ByteBufAllocator allocator, ByteBuffer input, Predicate<ByteBuf> target)
            throws DataFormatException {
        inflater.setInput(input);
        boolean wanted = true;
        while (wanted && !closed) {
            ByteBuf out = allocator.directBuffer(PIECE, PIECE);
            int written = 0;
            try {
                written = inflater.inflate(out.nioBuffer(0, PIECE));
                out.writerIndex(written);
            } finally {
                if (written == 0) {
                    out.release();
                }
            }
            inflated += written;
            if (inflated > maxMessage) {
                out.release();
                return false;
            }
            if (written > 0) {
                wanted = target.test(out);
            } else if (inflater.finished()) {
                // A last block may be followed by others in the same message.
                if (!input.hasRemaining()) {
                    return true;
                }
                inflater.reset();
                inflater.setInput(input);
            } else if (inflater.needsInput()) {
                return true;
            } else {
                throw new DataFormatException("it needs a dictionary");
            }
        }
        return true;
    }

    /** Frees what is not on the heap. */
    void close() {
        closed = true;
        deflater.end();
        inflater.end();
    }
}
