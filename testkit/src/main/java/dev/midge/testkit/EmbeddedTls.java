// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import dev.midge.testkit.server.TlsSettings;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/**
 * How an {@link EmbeddedServer} encrypts its connections: from INFO on, unless {@linkplain #handshakeFirst told
 * otherwise}. Immutable: each method returns another one.
 */
public final class EmbeddedTls {
    /** TLS_TIMEOUT in nats-server's const.go. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Supplier<SslContext> context;
    private final boolean verify;
    private final boolean optional;
    private final boolean first;
    private final Duration timeout;

    private EmbeddedTls(
            Supplier<SslContext> context, boolean verify, boolean optional, boolean first, Duration timeout) {
        this.context = context;
        this.verify = verify;
        this.optional = optional;
        this.first = first;
        this.timeout = timeout;
    }

    /**
     * With a certificate and its key, read when the server starts.
     *
     * @param certificates PEM file of X.509 certificates, the server's first
     * @param key PEM file of the server's private key, PKCS#8 and not encrypted
     */
    public static EmbeddedTls of(Path certificates, Path key) {
        readable("certificates", certificates);
        readable("key", key);
        return new EmbeddedTls(
                () -> build(
                        "certificates " + certificates + ", key " + key,
                        () -> SslContextBuilder.forServer(certificates.toFile(), key.toFile())),
                false,
                false,
                false,
                TIMEOUT);
    }

    /** Likewise, and clients must show a certificate that one of the authorities has signed. */
    public static EmbeddedTls verifying(Path certificates, Path key, Path authorities) {
        readable("certificates", certificates);
        readable("key", key);
        readable("authorities", authorities);
        return new EmbeddedTls(
                () -> build(
                        "certificates " + certificates + ", key " + key + ", authorities " + authorities,
                        () -> SslContextBuilder.forServer(certificates.toFile(), key.toFile())
                                .trustManager(authorities.toFile())
                                .clientAuth(ClientAuth.REQUIRE)),
                true,
                false,
                false,
                TIMEOUT);
    }

    /**
     * With what Netty makes its side of the connection of.
     *
     * @param context for servers
     * @throws IllegalArgumentException if it is for clients
     */
    public static EmbeddedTls of(SslContext context) {
        if (context.isClient()) {
            throw new IllegalArgumentException("context is for clients: must be made by SslContextBuilder.forServer");
        }
        return new EmbeddedTls(() -> context, false, false, false, TIMEOUT);
    }

    /** Clients may do without: allow_non_tls in nats-server's configuration. */
    public EmbeddedTls optional() {
        return new EmbeddedTls(context, verify, true, first, timeout);
    }

    /** The handshake comes before INFO: handshake_first in nats-server's configuration. */
    public EmbeddedTls handshakeFirst() {
        return new EmbeddedTls(context, verify, optional, true, timeout);
    }

    /** How long a handshake may take before the connection is closed; default 2 s. */
    public EmbeddedTls timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ": must be above 0");
        }
        return new EmbeddedTls(context, verify, optional, first, timeout);
    }

    TlsSettings settings() {
        return new TlsSettings(context.get(), verify, optional, first, timeout);
    }

    @FunctionalInterface
    private interface Preparation {
        SslContextBuilder prepare();
    }

    private static SslContext build(String what, Preparation preparation) {
        try {
            // That of OpenSSL, which Netty would take where it finds it, frees its memory only when it is collected.
            return preparation.prepare().sslProvider(SslProvider.JDK).build();
        } catch (IllegalArgumentException | SSLException e) {
            throw new IllegalArgumentException("cannot use " + what + ": " + e.getMessage(), e);
        }
    }

    private static void readable(String argument, Path file) {
        Objects.requireNonNull(file, argument);
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(argument + " is " + file + ": must be a file that can be read");
        }
    }
}
