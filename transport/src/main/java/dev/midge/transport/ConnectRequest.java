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
    private static final Duration LONGEST_RACING_DELAY = Duration.ofMinutes(1);

    private final Endpoint endpoint;
    private final Duration timeout;
    private final ProtocolLimits limits;
    private final Duration racingDelay;
    private final boolean shuffleAddresses;
    private final @Nullable Tls tls;
    private final WebSocket webSocket;
    private final @Nullable Proxy proxy;
    private final Function<Info, CompletionStage<Connect>> connect;

    private ConnectRequest(Builder builder, Function<Info, CompletionStage<Connect>> connect) {
        endpoint = builder.endpoint;
        timeout = builder.timeout;
        limits = builder.limits;
        racingDelay = builder.racingDelay;
        shuffleAddresses = builder.shuffleAddresses;
        tls = builder.tls;
        webSocket = builder.webSocket;
        proxy = builder.proxy;
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

    /** Zero for one address after the other. */
    Duration racingDelay() {
        return racingDelay;
    }

    boolean shuffleAddresses() {
        return shuffleAddresses;
    }

    Function<Info, CompletionStage<Connect>> connect() {
        return connect;
    }

    WebSocket webSocket() {
        return webSocket;
    }

    @Nullable
    Proxy proxy() {
        return proxy;
    }

    /** What went wrong, for the text of an exception: says that there is a proxy. */
    String described(String what) {
        return proxy == null ? what : "through the proxy " + proxy + ": " + what;
    }

    /** Whether NATS is spoken inside of WebSocket. */
    boolean isWebSocket() {
        return endpoint.scheme().isWebSocket();
    }

    /** Whether the client insists on encryption, whatever the server says. */
    boolean wantsTls() {
        return tls != null || endpoint.scheme() == Endpoint.Scheme.TLS || endpoint.scheme() == Endpoint.Scheme.WSS;
    }

    /** Whether to encrypt before anything is said: there is no way to do so inside of WebSocket. */
    boolean wantsTlsFirst() {
        return wantsTls() && (isWebSocket() || tlsOrDefault().first());
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
        private Duration racingDelay = Duration.ZERO;
        private boolean shuffleAddresses;
        private @Nullable Tls tls;
        private WebSocket webSocket = WebSocket.builder().build();
        private @Nullable Proxy proxy;

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
         * How long to wait for one address of the host before another one is tried beside it, IPv4 and IPv6 in turns:
         * the first TCP connection that opens is used. Zero, the default, tries one address after the other, each for its
         * part of the time that is left.
         *
         * @throws IllegalArgumentException if negative, or over a minute
         */
        public Builder racingDelay(Duration delay) {
            if (delay.isNegative() || delay.compareTo(LONGEST_RACING_DELAY) > 0) {
                throw new IllegalArgumentException("racingDelay is " + delay + ": must be 0 to a minute");
            }
            racingDelay = delay;
            return this;
        }

        /**
         * Whether the addresses of the host are tried in a random order, IPv4 and IPv6 each by itself; default false: in
         * the order of the resolver.
         */
        public Builder shuffleAddresses(boolean on) {
            shuffleAddresses = on;
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

        /** How to talk to a {@code ws://} or {@code wss://} server; default {@code WebSocket.builder().build()}. */
        public Builder webSocket(WebSocket settings) {
            webSocket = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /** What to connect through; default null: nothing. */
        public Builder proxy(@Nullable Proxy between) {
            proxy = between;
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
