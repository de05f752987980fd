// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.protocol.ProtocolLimits;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one attempt to connect is to do. Immutable. */
public final class ConnectRequest {
    private final Endpoint endpoint;
    private final Duration timeout;
    private final ProtocolLimits limits;
    private final @Nullable Tls tls;
    private final Function<Info, CompletionStage<Connect>> connect;

    private ConnectRequest(Builder builder, Function<Info, CompletionStage<Connect>> connect) {
        endpoint = builder.endpoint;
        timeout = builder.timeout;
        limits = builder.limits;
        tls = builder.tls;
        this.connect = Objects.requireNonNull(connect, "connect");
    }

    /** For an attempt to connect to this server. */
    public static Builder to(Endpoint endpoint) {
        return new Builder(Objects.requireNonNull(endpoint, "endpoint"));
    }

    /** The server. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** For all of the attempt, from resolving the name to the server's answer to CONNECT. */
    public Duration timeout() {
        return timeout;
    }

    /** What the server may send. */
    public ProtocolLimits limits() {
        return limits;
    }

    Function<Info, CompletionStage<Connect>> connect() {
        return connect;
    }

    /** Whether the client insists on encryption, whatever the server says. */
    boolean wantsTls() {
        return tls != null || endpoint.scheme() == Endpoint.Scheme.TLS;
    }

    /** How to encrypt it, if it is. */
    Tls tlsOrDefault() {
        return tls != null ? tls : Tls.builder().build();
    }

    /** Collects what the attempt is to do; each method says its default. Not thread-safe. */
    public static final class Builder {
        private final Endpoint endpoint;
        private Duration timeout = Duration.ofSeconds(2);
        private ProtocolLimits limits = ProtocolLimits.DEFAULTS;
        private @Nullable Tls tls;

        private Builder(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        /**
         * For all of the attempt, from resolving the name to the server's answer to CONNECT; default 2 s.
         *
         * @throws IllegalArgumentException if not positive, or longer than 292 years
         */
        public Builder timeout(Duration all) {
            if (all.isZero() || all.isNegative() || all.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
                throw new IllegalArgumentException("timeout is " + all + ": must be positive, 292 years at most");
            }
            timeout = all;
            return this;
        }

        /** What the server may send; default {@link ProtocolLimits#DEFAULTS}. */
        public Builder limits(ProtocolLimits protocolLimits) {
            limits = Objects.requireNonNull(protocolLimits, "protocolLimits");
            return this;
        }

        /**
         * How to encrypt the connection, which then is encrypted or fails; default null: only where the scheme or the
         * server asks for it, and then as {@code Tls.builder().build()} says.
         */
        public Builder tls(@Nullable Tls encryption) {
            tls = encryption;
            return this;
        }

        /**
         * The request.
         *
         * @param connect makes CONNECT from the server's INFO; called on the event loop, so what blocks must complete
         *     the stage from another thread
         */
        public ConnectRequest build(Function<Info, CompletionStage<Connect>> connect) {
            return new ConnectRequest(this, connect);
        }
    }
}
