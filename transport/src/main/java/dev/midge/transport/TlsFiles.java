// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes a context of what is in files at the moment. */
record TlsFiles(Trust trust, Identity identity) {
    /** Who is believed. */
    sealed interface Trust {
        /** The authorities of the JVM. */
        record Jvm() implements Trust {
            @Override
            public String toString() {
                return "authorities of the JVM";
            }
        }

        /** A PEM file. */
        record Pem(Path file) implements Trust {
            @Override
            public String toString() {
                return "authorities " + file;
            }
        }

        /** A key store. */
        record Store(Path file, Password password) implements Trust {
            @Override
            public String toString() {
                return "trust store " + file;
            }
        }
    }

    /** Who the client is. */
    sealed interface Identity {
        /** It does not say. */
        record None() implements Identity {
            @Override
            public String toString() {
                return "no certificate";
            }
        }

        /** PEM files. */
        record Pem(Path certificates, Path key, @Nullable Password passphrase) implements Identity {
            @Override
            public String toString() {
                return "certificate " + certificates + ", key " + key;
            }
        }

        /** A key store. */
        record Store(Path file, Password password) implements Identity {
            @Override
            public String toString() {
                return "key store " + file;
            }
        }
    }

    /** Keeps a copy of an array, out of sight. */
    static final class Password {
        private final char[] characters;

        Password(char[] characters) {
            this.characters = characters.clone();
        }

        private char[] copy() {
            return characters.clone();
        }
    }

    SslContext context() throws IOException, GeneralSecurityException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        applyTrust(builder);
        applyIdentity(builder);
        return builder.build();
    }

    private void applyTrust(SslContextBuilder builder) throws IOException, GeneralSecurityException {
        if (trust instanceof Trust.Pem pem) {
            File file = readable("authorities", pem.file());
            using(trust.toString(), () -> builder.trustManager(file));
        } else if (trust instanceof Trust.Store store) {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            char[] password = store.password().copy();
            try {
                factory.init(open("trust store", store.file(), password));
            } finally {
                Arrays.fill(password, '\0');
            }
            builder.trustManager(factory);
        }
    }

    private void applyIdentity(SslContextBuilder builder) throws IOException, GeneralSecurityException {
        if (identity instanceof Identity.Pem pem) {
            File certificates = readable("certificate", pem.certificates());
            File key = readable("key", pem.key());
            Password passphrase = pem.passphrase();
            String text = passphrase == null ? null : String.valueOf(passphrase.copy()); // Netty takes nothing else
            using(identity.toString(), () -> builder.keyManager(certificates, key, text));
        } else if (identity instanceof Identity.Store store) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            char[] password = store.password().copy();
            try {
                factory.init(open("key store", store.file(), password), password);
            } catch (UnrecoverableKeyException e) {
                throw new GeneralSecurityException(identity + ": its keys have another password than the store", e);
            } finally {
                Arrays.fill(password, '\0');
            }
            builder.keyManager(factory);
        }
    }

    private static void using(String what, Runnable step) throws GeneralSecurityException {
        try {
            step.run();
        } catch (IllegalArgumentException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new GeneralSecurityException("cannot use " + what + ": " + cause.getMessage(), e);
        }
    }

    private static KeyStore open(String what, Path file, char[] password) throws IOException, GeneralSecurityException {
        File existing = readable(what, file);
        try {
            return KeyStore.getInstance(existing, password);
        } catch (KeyStoreException e) {
            throw new GeneralSecurityException("cannot use " + what + " " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            boolean wrong = e.getCause() instanceof UnrecoverableKeyException;
            throw new IOException(
                    "cannot use " + what + " " + file + ": " + (wrong ? "its password is another" : e.getMessage()), e);
        }
    }

    private static File readable(String what, Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("cannot read " + what + " " + file + ": there is no such file");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("cannot read " + what + " " + file + ": it is not allowed");
        }
        return file.toFile();
    }
}
