// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.protocol.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Says who the connection is with a JWT that somebody else signed. */
final class Jwts {
    /** No credentials file is near this, in bytes. */
    private static final long MAX_FILE = 1 << 20;

    private Jwts() {}

    static Path expandHome(Path file) {
        return file.startsWith("~")
                ? Path.of(System.getProperty("user.home")).resolve(Path.of("~").relativize(file))
                : file;
    }

    static byte[] read(Path file) throws IOException {
        try {
            if (Files.size(file) > MAX_FILE) {
                throw new IOException("it is of more than " + MAX_FILE + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no such file", e);
        }
    }

    private static void prove(Info info, Connect.Builder connect, Secret jwt, Auth.Signer signer) throws Exception {
        connect.jwt(jwt);
        String nonce = info.nonce();
        if (nonce != null) { // else the server does not look at it
            connect.sig(Nkeys.signature(nonce, signer));
        }
    }

    /** A JWT and who signs for it. */
    record Signed(Supplier<char[]> jwt, Auth.Signer signer) implements Auth {
        @Override
        public void apply(Info info, Connect.Builder connect) throws Exception {
            prove(info, connect, Secrets.take(jwt, "jwt"), signer);
        }

        @Override
        public String toString() {
            return "Auth[JWT]";
        }
    }

    /** Where the text of a credentials file comes from. */
    interface Source {
        byte[] get() throws IOException;
    }

    /** What a credentials file holds. */
    record Credentials(String name, Source source) implements Auth {
        @Override
        public void apply(Info info, Connect.Builder connect) throws Exception {
            try (CredentialsFile file = open()) {
                prove(info, connect, Secret.of(file.jwt()), nonce -> Nkeys.sign(file.seed(), nonce));
            }
        }

        /** @throws IllegalArgumentException if there is no JWT or no user's seed */
        void check() {
            try {
                open().close();
            } catch (IOException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        private CredentialsFile open() throws IOException {
            byte[] content;
            try {
                content = source.get();
            } catch (IOException e) {
                throw new IOException("cannot read " + name + ": " + e.getMessage(), e);
            }
            try {
                CredentialsFile file = CredentialsFile.parse(content);
                Nkeys.checkUserSeed(file.seed());
                return file;
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
            } finally {
                Secrets.wipe(content);
            }
        }

        @Override
        public String toString() {
            return "Auth[" + name + "]";
        }
    }
}
