// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Gzip around another codec; a payload cannot grow without bound. */
record GzipCodec<T>(Codec<T> inner, int maxBytes) implements Codec<T> {
    static final int DEFAULT_MAX_BYTES = 64 << 20;
    private static final int MOST_BYTES = 1 << 30;

    GzipCodec {
        Objects.requireNonNull(inner, "inner");
        Rules.within("maxBytes", maxBytes, 1, MOST_BYTES);
    }

    @Override
    public byte[] encode(T message) throws Exception {
        byte[] plain = inner.encode(message);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    @Override
    public T decode(byte[] payload) throws Exception {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(payload))) {
            byte[] plain = in.readNBytes(maxBytes);
            if (plain.length == maxBytes && in.read() >= 0) {
                throw new IOException("unpacks to more than " + maxBytes + " bytes, which is the limit");
            }
            return inner.decode(plain);
        }
    }
}
