// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.protocol.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
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
    static Secret signature(String nonce, Auth.Signer signer) throws Exception {
        byte[] signature = signer.sign(nonce.getBytes(StandardCharsets.UTF_8));
        return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
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

    /** By the file of its seed. */
    record ByFile(Path file) implements Auth {
        @Override
        public void apply(Info info, Connect.Builder connect) throws Exception {
            byte[] content;
            try {
                content = Jwts.read(file);
            } catch (IOException e) {
                throw new IOException("cannot read NKEY file " + file + ": " + e.getMessage(), e);
            }
            try {
                char[] seed = seedLine(content);
                new BySeed(() -> seed).apply(info, connect); // which wipes it
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("NKEY file " + file + ": " + e.getMessage(), e);
            } finally {
                Secrets.wipe(content);
            }
        }

        /** The first line that begins as seeds of users, accounts and operators do, as nkeys has it. */
        private static char[] seedLine(byte[] utf8) {
            char[] text = Secrets.chars(utf8);
            try {
                for (int start = 0; start < text.length; ) {
                    int end = start;
                    while (end < text.length && text[end] != '\n') {
                        end++;
                    }
                    char[] line = Secrets.trim(Arrays.copyOfRange(text, start, end));
                    if (line.length > 1 && line[0] == 'S' && "UAO".indexOf(line[1]) >= 0) {
                        return line;
                    }
                    start = end + 1;
                }
            } finally {
                Secrets.wipe(text);
            }
            throw new IllegalArgumentException("there is no seed in it: a line that begins with SU");
        }

        @Override
        public String toString() {
            return "Auth[NKEY file " + file + "]";
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
