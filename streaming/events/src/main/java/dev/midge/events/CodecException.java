// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

/** A codec could not make bytes of a message, or a message of bytes: the cause says why. */
public final class CodecException extends EventException {
    private static final long serialVersionUID = 1L;

    private CodecException(String message, Throwable cause) {
        super(message, cause);
    }

    /** @param what as in {@code the message of event E} */
    static <T> byte[] encode(Codec<T> codec, T message, String what) {
        try {
            return codec.encode(message);
        } catch (Exception | StackOverflowError e) {
            throw new CodecException("cannot encode " + what + ": " + e, e);
        }
    }

    /** As {@link #encode}. */
    static <T> T decode(Codec<T> codec, byte[] payload, String what) {
        try {
            return codec.decode(payload);
        } catch (Exception | StackOverflowError e) {
            throw new CodecException("cannot decode " + what + ", " + payload.length + " bytes: " + e, e);
        }
    }
}
