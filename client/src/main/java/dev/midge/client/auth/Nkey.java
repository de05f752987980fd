// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/**
 * A key pair of Ed25519 as NATS writes it: a seed {@code S...} and a public key, each base32 of a prefix, 32 bytes and
 * a check sum. All cryptography is that of the JDK's providers.
 *
 * <pre>
 * seed:       1 0 0 1 0 r r r   r r r r r 0 0 0   32 bytes   CRC-16, low byte first   (r: the role)
 * public key: r r r r r r r r   32 bytes   CRC-16, low byte first
 * </pre>
 *
 * <p>Source: nkeys v0.4.16, strkey.go and crc16.go.
 */
final class Nkey implements AutoCloseable {
    /** Whose key it is, by the first letter of the public key. */
    enum Role {
        ACCOUNT('A'),
        CLUSTER('C'),
        SERVER('N'),
        OPERATOR('O'),
        USER('U');

        private final char letter;

        Role(char letter) {
            this.letter = letter;
        }

        /** The letter's five bits, on top. */
        private int prefix() {
            return (letter - 'A') << 3;
        }
    }

    private static final int SEED_PREFIX = ('S' - 'A') << 3;
    private static final int KEY_LENGTH = 32;
    private static final int CRC_LENGTH = 2;
    private static final String ALGORITHM = "Ed25519";

    private final Role role;
    private final byte[] key;

    private Nkey(Role role, byte[] key) {
        this.role = role;
        this.key = key;
    }

    /**
     * Reads a seed, which may have white space around it.
     *
     * @throws IllegalArgumentException if it is not one; the text says why and shows nothing of it
     */
    static Nkey ofSeed(char[] seed) {
        char[] trimmed = Secrets.trim(seed);
        byte[] raw = new byte[0];
        try {
            raw = Base32.decode(trimmed);
            return ofSeed(raw);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the NKEY seed is malformed: " + e.getMessage(), e);
        } finally {
            Arrays.fill(trimmed, '\0');
            Arrays.fill(raw, (byte) 0);
        }
    }

    private static Nkey ofSeed(byte[] raw) {
        int prefix = 2;
        int expected = prefix + KEY_LENGTH + CRC_LENGTH;
        if (raw.length != expected) {
            throw new IllegalArgumentException(
                    "it is of " + raw.length + " bytes, must be of " + expected + " (58 characters)");
        }
        if ((raw[0] & 0xf8) != SEED_PREFIX) {
            throw new IllegalArgumentException("it does not begin with S");
        }
        checkSum(raw);
        int rolePrefix = ((raw[0] & 7) << 5) | ((raw[1] & 0xff) >> 3);
        for (Role role : Role.values()) {
            if (role.prefix() == rolePrefix) {
                return new Nkey(role, Arrays.copyOfRange(raw, prefix, prefix + KEY_LENGTH));
            }
        }
        throw new IllegalArgumentException("its role, the second letter, is none of A, C, N, O, U");
    }

    /**
     * Checks a public key.
     *
     * @throws IllegalArgumentException if it is not one, or not of this role
     */
    static String checkPublicKey(String publicKey, Role role) {
        byte[] raw;
        try {
            raw = Base32.decode(publicKey.toCharArray());
            if (raw.length != 1 + KEY_LENGTH + CRC_LENGTH) {
                throw new IllegalArgumentException("it is of " + publicKey.length() + " characters, must be of 56");
            }
            if ((raw[0] & 0xff) != role.prefix()) {
                throw new IllegalArgumentException("it does not begin with " + role.letter);
            }
            checkSum(raw);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("publicKey is " + publicKey + ": " + e.getMessage(), e);
        }
        return publicKey;
    }

    private static void checkSum(byte[] raw) {
        int body = raw.length - CRC_LENGTH;
        int written = (raw[body] & 0xff) | ((raw[body + 1] & 0xff) << 8);
        if (crc16(raw, body) != written) {
            throw new IllegalArgumentException("its check sum is wrong");
        }
    }

    /** CRC-16/XMODEM: polynomial 0x1021, nothing inverted. */
    private static int crc16(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (bytes[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ 0x1021;
            }
            crc &= 0xffff;
        }
        return crc;
    }

    Role role() {
        return role;
    }

    /**
     * The public key that belongs to the seed.
     *
     * @throws GeneralSecurityException if no provider has Ed25519
     */
    String publicKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
        // There is no factory for a public key from a private one, but a generator asks for just these 32 bytes.
        generator.initialize(NamedParameterSpec.ED25519, new SeedAsRandom(key));
        EdECPoint point = ((EdECPublicKey) generator.generateKeyPair().getPublic()).getPoint();
        byte[] raw = new byte[1 + KEY_LENGTH + CRC_LENGTH];
        raw[0] = (byte) role.prefix();
        // RFC 8032, 5.1.2: y, low byte first, and the lowest bit of x on top
        byte[] y = point.getY().toByteArray();
        for (int i = 0; i < Math.min(y.length, KEY_LENGTH); i++) {
            raw[1 + i] = y[y.length - 1 - i];
        }
        if (point.isXOdd()) {
            raw[KEY_LENGTH] |= (byte) 0x80;
        }
        int crc = crc16(raw, 1 + KEY_LENGTH);
        raw[1 + KEY_LENGTH] = (byte) crc;
        raw[2 + KEY_LENGTH] = (byte) (crc >> 8);
        return Base32.encode(raw);
    }

    /**
     * The 64 bytes of the signature.
     *
     * @throws GeneralSecurityException if no provider has Ed25519
     */
    byte[] sign(byte[] data) throws GeneralSecurityException {
        PrivateKey privateKey = KeyFactory.getInstance(ALGORITHM)
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, key));
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(privateKey);
        signature.update(data);
        return signature.sign();
    }

    /** Wipes the key. */
    @Override
    public void close() {
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public String toString() {
        return "Nkey[" + role + "]";
    }

    /** Gives the seed to whoever asks for 32 random bytes. */
    private static final class SeedAsRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient byte[] seed;

        SeedAsRandom(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("asked for " + bytes.length + " bytes, not " + seed.length);
            }
            System.arraycopy(seed, 0, bytes, 0, seed.length);
        }
    }
}
