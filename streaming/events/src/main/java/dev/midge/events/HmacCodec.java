// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The digest of what another codec writes, in front of that. */
final class HmacCodec<T> implements Codec<T> {
    static final String DEFAULT_ALGORITHM = "HmacSHA512";

    private final Codec<T> inner;
    private final SecretKeySpec key;

    HmacCodec(Codec<T> inner, byte[] key, String algorithm) {
        this.inner = Objects.requireNonNull(inner, "inner");
        Rules.require(key.length > 0, "key", key.length + " bytes", "must not be empty");
        this.key = new SecretKeySpec(key, Objects.requireNonNull(algorithm, "algorithm"));
        try {
            mac();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("algorithm is \"" + algorithm + "\": " + e.getMessage(), e);
        }
    }

    private Mac mac() throws GeneralSecurityException {
        Mac mac = Mac.getInstance(key.getAlgorithm());
        mac.init(key);
        return mac;
    }

    @Override
    public byte[] encode(T message) throws Exception {
        byte[] plain = inner.encode(message);
        byte[] digest = mac().doFinal(plain);
        byte[] both = Arrays.copyOf(digest, digest.length + plain.length);
        System.arraycopy(plain, 0, both, digest.length, plain.length);
        return both;
    }

    @Override
    public T decode(byte[] payload) throws Exception {
        Mac mac = mac();
        int length = mac.getMacLength();
        if (payload.length < length) {
            throw new GeneralSecurityException(
                    "of " + payload.length + " bytes, which are less than the digest of " + length);
        }
        mac.update(payload, length, payload.length - length);
        if (!MessageDigest.isEqual(mac.doFinal(), Arrays.copyOf(payload, length))) {
            throw new GeneralSecurityException("the digest is not that of the payload by this key: it was altered");
        }
        return inner.decode(Arrays.copyOfRange(payload, length, payload.length));
    }
}
