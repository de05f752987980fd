// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted. Files are read and suppliers asked at every attempt to connect, so what they give may
 * change. Immutable.
 *
 * <p>Without anything said the certificates of servers are checked against the authorities of the JVM, and against the
 * host of the URL: the name, not the address that it leads to. The client shows no certificate of its own.
 *
 * <p>The JDK's TLS is used, or OpenSSL's where netty-tcnative is on the class path.
 */
public final class Tls {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final ContextSource context;
    private final boolean first;
    private final boolean verifyHostName;
    private final List<String> protocols;
    private final String description;

    private Tls(Builder builder) {
        ContextSource given = builder.context;
        context = given != null ? given : new TlsFiles(builder.trust, builder.identity)::context;
        first = builder.first;
        verifyHostName = builder.verifyHostName;
        protocols = builder.protocols;
        description = given != null ? "own context" : builder.trust + ", " + builder.identity;
    }

    /** Everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether the TLS handshake comes before INFO. */
    public boolean first() {
        return first;
    }

    /** Whether the certificate must be one of the host in the URL. */
    public boolean verifyHostName() {
        return verifyHostName;
    }

    /** The versions of TLS that may be used. */
    public List<String> protocols() {
        return protocols;
    }

    /** May block. */
    SslContext context() throws IOException, GeneralSecurityException {
        return context.get();
    }

    /** For logs: says which files, and shows no secret. */
    @Override
    public String toString() {
        return "Tls[" + description + (first ? ", first" : "") + (verifyHostName ? "" : ", host name not verified")
                + ", " + protocols + "]";
    }

    /** Makes the context of an attempt. */
    interface ContextSource {
        SslContext get() throws IOException, GeneralSecurityException;
    }

    /** Collects how it is to be; each method says its default. Not thread-safe. */
    public static final class Builder {
        private TlsFiles.Trust trust = new TlsFiles.Trust.Jvm();
        private TlsFiles.Identity identity = new TlsFiles.Identity.None();
        private @Nullable ContextSource context;
        private boolean first;
        private boolean verifyHostName = true;
        private List<String> protocols = PROTOCOLS;

        private Builder() {}

        /** Trusts the authorities in a PEM file, and no others; default those of the JVM. */
        public Builder trust(Path pem) {
            trust = new TlsFiles.Trust.Pem(Objects.requireNonNull(pem, "pem"));
            return this;
        }

        /** Trusts what is in a key store, and nothing else; default the authorities of the JVM. */
        public Builder trustStore(Path store, char[] password) {
            trust = new TlsFiles.Trust.Store(Objects.requireNonNull(store, "store"), new TlsFiles.Password(password));
            return this;
        }

        /**
         * Shows a certificate of its own; default none.
         *
         * @param certificates PEM file of X.509 certificates, one's own first
         * @param key PEM file of its private key, PKCS#8, not encrypted
         */
        public Builder identity(Path certificates, Path key) {
            identity = new TlsFiles.Identity.Pem(
                    Objects.requireNonNull(certificates, "certificates"), Objects.requireNonNull(key, "key"), null);
            return this;
        }

        /** Likewise, with a key file that is encrypted. */
        public Builder identity(Path certificates, Path key, char[] passphrase) {
            identity = new TlsFiles.Identity.Pem(
                    Objects.requireNonNull(certificates, "certificates"),
                    Objects.requireNonNull(key, "key"),
                    new TlsFiles.Password(passphrase));
            return this;
        }

        /** Shows the certificate in a key store, JKS or PKCS#12, whose keys have the password of the store. */
        public Builder keyStore(Path store, char[] password) {
            identity = new TlsFiles.Identity.Store(
                    Objects.requireNonNull(store, "store"), new TlsFiles.Password(password));
            return this;
        }

        /**
         * Uses a context of the JDK, in place of what the methods above say.
         *
         * @param source asked at every attempt, on a thread that may block
         */
        public Builder sslContext(Supplier<SSLContext> source) {
            Objects.requireNonNull(source, "source");
            context = () -> new JdkSslContext(
                    source.get(),
                    true,
                    null,
                    IdentityCipherSuiteFilter.INSTANCE,
                    ApplicationProtocolConfig.DISABLED,
                    ClientAuth.NONE,
                    null,
                    false);
            return this;
        }

        /**
         * Uses a context of Netty, in place of what the methods above say.
         *
         * @param source asked at every attempt, on a thread that may block; must return one for clients
         */
        public Builder nettyContext(Supplier<SslContext> source) {
            Objects.requireNonNull(source, "source");
            context = source::get;
            return this;
        }

        /**
         * Whether the TLS handshake comes before INFO, as servers with handshake_first want it, from 2.10.4 on; default
         * false.
         */
        public Builder first(boolean on) {
            first = on;
            return this;
        }

        /**
         * Whether the certificate must be one of the host in the URL; default true. Without it whoever has any
         * certificate of a trusted authority can be the server.
         */
        public Builder verifyHostName(boolean on) {
            verifyHostName = on;
            return this;
        }

        /**
         * The versions of TLS that may be used; default {@code TLSv1.3} and {@code TLSv1.2}.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Builder protocols(String... names) {
            if (names.length == 0) {
                throw new IllegalArgumentException("protocols is empty: at least one is needed");
            }
            protocols = List.of(names);
            return this;
        }

        /** The value. */
        public Tls build() {
            return new Tls(this);
        }
    }
}
