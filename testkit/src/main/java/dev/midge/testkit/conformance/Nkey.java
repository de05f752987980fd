// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;

/**
 * A key pair of Ed25519 as NATS writes it. It is made from a name, so that a conversation and the configuration of the
 * server that it is held with speak of the same one, and nothing secret is kept anywhere.
 *
 * <p>Source: nkeys v0.4.16, strkey.go and crc16.go.
 */
final class Nkey {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int KEY_LENGTH = 32;

    private final KeyPair keys;
    private final String publicKey;

    private Nkey(char role, String name) {
        try {
            byte[] seed =
                    MessageDigest.getInstance("SHA-256").digest(("Midge conformance " + role + name).getBytes(UTF_8));
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new SeedAsRandom(seed));
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
        // RFC 8410, section 4: the encoding ends with the 32 bytes of the key.
        byte[] encoded = keys.getPublic().getEncoded();
        byte[] raw = new byte[1 + KEY_LENGTH + 2];
        raw[0] = (byte) ((role - 'A') << 3);
        System.arraycopy(encoded, encoded.length - KEY_LENGTH, raw, 1, KEY_LENGTH);
        int crc = crc16(raw, 1 + KEY_LENGTH);
        raw[raw.length - 2] = (byte) crc;
        raw[raw.length - 1] = (byte) (crc >> 8);
        publicKey = base32(raw);
    }

    static Nkey operator() {
        return new Nkey('O', "");
    }

    static Nkey account(String name) {
        return new Nkey('A', name);
    }

    static Nkey user(String name) {
        return new Nkey('U', name);
    }

    /** As in {@code UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4}. */
    String publicKey() {
        return publicKey;
    }

    /** The signature of a text, as CONNECT and JWTs have it. */
    String sign(String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(text.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
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

    /** RFC 4648 of whole groups: 35 bytes are 56 characters. */
    private static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte b : bytes) {
            buffer = (buffer << 8 | (b & 0xff)) & 0xfff;
            for (bits += 8; bits >= 5; bits -= 5) {
                text.append(BASE32.charAt(buffer >> (bits - 5) & 31));
            }
        }
        return text.toString();
    }

    /** A generator asks for just these 32 bytes; there is no other way from a seed to a public key. */
    private static final class SeedAsRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient byte[] seed;

        SeedAsRandom(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
