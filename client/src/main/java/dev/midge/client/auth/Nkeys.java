// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.function.Supplier;

/** Proves that a key is there by signing the nonce of INFO with it. */
final class Nkeys {
    private Nkeys() {}

    /** @throws IllegalArgumentException if it is malformed or not a user's; the text shows nothing of it */
    static void checkUserSeed(char[] seed) {
        openUserSeed(seed).close();
    }

    private static Nkey openUserSeed(char[] seed) {
        Nkey nkey = Nkey.ofSeed(seed);
        if (nkey.role() != Nkey.Role.USER) {
            nkey.close();
            throw new IllegalArgumentException("the NKEY seed is one of role " + nkey.role() + ": must be of a USER");
        }
        return nkey;
    }

    /** Signs, and wipes the seed. */
    static byte[] sign(char[] seed, byte[] nonce) throws GeneralSecurityException {
        try (Nkey nkey = openUserSeed(seed)) {
            return nkey.sign(nonce);
        } finally {
            Secrets.wipe(seed);
        }
    }

    /** The signature as CONNECT has it: base64url without padding. */
    static String signature(String nonce, Auth.Signer signer) throws Exception {
        byte[] signature = signer.sign(nonce.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String nonce(Info info) {
        String nonce = info.nonce();
        if (nonce == null) {
            throw new IllegalStateException("the server sent no nonce to sign: it is not configured to take NKEYs");
        }
        return nonce;
    }

    /** By its seed. */
    record BySeed(Supplier<char[]> seed) implements Auth {
        @Override
        public void apply(Info info, Connect.Builder connect) throws Exception {
            String nonce = nonce(info);
            char[] chars = Secrets.get(seed, "seed");
            try (Nkey nkey = openUserSeed(chars)) {
                connect.nkey(nkey.publicKey()).sig(signature(nonce, nkey::sign));
            } finally {
                Secrets.wipe(chars);
            }
        }

        @Override
        public String toString() {
            return "Auth[NKEY]";
        }
    }

    /** By somebody who has the private key. */
    record BySigner(String publicKey, Auth.Signer signer) implements Auth {
        @Override
        public void apply(Info info, Connect.Builder connect) throws Exception {
            connect.nkey(publicKey).sig(signature(nonce(info), signer));
        }

        @Override
        public String toString() {
            return "Auth[NKEY " + publicKey + "]";
        }
    }
}
