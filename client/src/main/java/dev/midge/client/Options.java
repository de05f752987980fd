// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.auth.Auth;
import dev.midge.protocol.ProtocolLimits;
import dev.midge.protocol.SubjectValidation;
import dev.midge.transport.Endpoint;
import dev.midge.transport.EventLoops;
import dev.midge.transport.HostResolver;
import dev.midge.transport.Tls;
import dev.midge.transport.TransportKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How a connection is made and behaves. Immutable and validated; owns no thread and can be used any number of times. */
public final class Options {
    private final List<Endpoint> servers;
    private final @Nullable String name;
    private final @Nullable Auth auth;
    private final @Nullable Tls tls;
    private final boolean echo;
    private final boolean verbose;
    private final boolean pedantic;
    private final SubjectValidation subjectValidation;
    private final int maxControlLine;
    private final ProtocolLimits limits;
    private final Duration connectTimeout;
    private final Duration writeTimeout;
    private final Duration closeTimeout;
    private final long outboundLimit;
    private final PendingLimits pendingLimits;
    private final Overflow overflow;
    private final EventLoops eventLoops;
    private final @Nullable Executor executor;
    private final HostResolver resolver;
    private final ConnectionListener listener;

    private Options(Builder builder) {
        servers = builder.servers;
        name = builder.name;
        auth = builder.auth;
        tls = builder.tls;
        echo = builder.echo;
        verbose = builder.verbose;
        pedantic = builder.pedantic;
        subjectValidation = builder.subjectValidation;
        maxControlLine = builder.maxControlLine;
        limits = builder.limits;
        connectTimeout = builder.connectTimeout;
        writeTimeout = builder.writeTimeout;
        closeTimeout = builder.closeTimeout;
        outboundLimit = builder.outboundLimit;
        pendingLimits = builder.pendingLimits;
        overflow = builder.overflow;
        eventLoops = builder.eventLoops;
        executor = builder.executor;
        resolver = builder.resolver;
        listener = builder.listener;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** The servers, in the order they are tried. Their text never shows a password or token. */
    public List<Endpoint> servers() {
        return servers;
    }

    /** The name that the server shows for the connection, or null. */
    public @Nullable String name() {
        return name;
    }

    /** Whether the connection's own messages come back to its own subscriptions. */
    public boolean echo() {
        return echo;
    }

    /** Whether the server acknowledges each frame. */
    public boolean verbose() {
        return verbose;
    }

    /** Whether the server checks more strictly. */
    public boolean pedantic() {
        return pedantic;
    }

    /** How strictly subjects are checked before they are sent. */
    public SubjectValidation subjectValidation() {
        return subjectValidation;
    }

    /** The longest control line to send, in bytes. */
    public int maxControlLine() {
        return maxControlLine;
    }

    /** What the server may send. */
    public ProtocolLimits limits() {
        return limits;
    }

    /** How long the attempt to connect to one server may take. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** How long publish waits while the outbound buffer is full. */
    public Duration writeTimeout() {
        return writeTimeout;
    }

    /** How long close waits for what is queued to be written and confirmed. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** How many bytes may wait for the socket. */
    public long outboundLimit() {
        return outboundLimit;
    }

    /** How many messages of a subscription may be pending. */
    public long maxPendingMessages() {
        return pendingLimits.messages();
    }

    /** How many bytes of a subscription may be pending. */
    public long maxPendingBytes() {
        return pendingLimits.bytes();
    }

    /** What happens when a subscription's pending limits are reached. */
    public Overflow overflow() {
        return overflow;
    }

    @Nullable
    Auth auth() {
        return auth;
    }

    @Nullable
    Tls tls() {
        return tls;
    }

    PendingLimits pendingLimits() {
        return pendingLimits;
    }

    EventLoops eventLoops() {
        return eventLoops;
    }

    @Nullable
    Executor executor() {
        return executor;
    }

    HostResolver resolver() {
        return resolver;
    }

    ConnectionListener listener() {
        return listener;
    }

    /** Collects the options; each method says its default. Not thread-safe. */
    public static final class Builder {
        private List<Endpoint> servers = List.of(Endpoint.parse("nats://localhost:4222"));
        private @Nullable String name;
        private @Nullable Auth auth;
        private @Nullable Tls tls;
        private boolean echo = true;
        private boolean verbose;
        private boolean pedantic;
        private SubjectValidation subjectValidation = SubjectValidation.LENIENT;
        private int maxControlLine = 4096;
        private ProtocolLimits limits = ProtocolLimits.DEFAULTS;
        private Duration connectTimeout = Duration.ofSeconds(2);
        private Duration writeTimeout = Duration.ofSeconds(5);
        private Duration closeTimeout = Duration.ofSeconds(2);
        private long outboundLimit = 8 << 20;
        private PendingLimits pendingLimits = new PendingLimits(500_000, 64 << 20);
        private Overflow overflow = Overflow.DROP_NEWEST;
        private EventLoops eventLoops = EventLoops.shared(TransportKind.AUTO);
        private @Nullable Executor executor;
        private HostResolver resolver = HostResolver.jdk();
        private ConnectionListener listener = LoggingListener.INSTANCE;

        private Builder() {}

        /**
         * The servers to try, in this order; default {@code nats://localhost:4222}.
         *
         * @param urls {@code nats://[user:password@|token@]host[:port]}, or {@code tls://...}; the scheme and the port can be left out
         * @throws IllegalArgumentException if there is none or one is not of this form
         */
        public Builder servers(String... urls) {
            if (urls.length == 0) {
                throw new IllegalArgumentException("servers is empty: at least one is needed");
            }
            servers = Arrays.stream(urls).map(Endpoint::parse).toList();
            return this;
        }

        /** The name that the server shows for the connection; default none. */
        public Builder name(String connectionName) {
            name = Objects.requireNonNull(connectionName, "connectionName");
            return this;
        }

        /** Who the connection is to be, where the server's URL does not say it; default nobody. */
        public Builder auth(Auth credentials) {
            auth = Objects.requireNonNull(credentials, "credentials");
            return this;
        }

        /**
         * Encrypts the connection, or fails: it is never made without. Default: a {@code tls://} server is encrypted, and
         * one that asks for it, both with {@code Tls.builder().build()}; others are not.
         */
        public Builder tls(Tls encryption) {
            tls = Objects.requireNonNull(encryption, "encryption");
            return this;
        }

        /** Whether messages published come back to this connection's subscriptions; default true. */
        public Builder echo(boolean on) {
            echo = on;
            return this;
        }

        /** Whether the server answers each frame with +OK; default false, and good for nothing but looking. */
        public Builder verbose(boolean on) {
            verbose = on;
            return this;
        }

        /** Whether the server checks subjects more strictly; default false. */
        public Builder pedantic(boolean on) {
            pedantic = on;
            return this;
        }

        /** How strictly subjects are checked before they are sent; default LENIENT. */
        public Builder subjectValidation(SubjectValidation mode) {
            subjectValidation = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * The longest control line to send, which the server's max_control_line must allow: a longer one would end the
         * connection. Default 4096 bytes, as the server's.
         *
         * @throws IllegalArgumentException if outside 64 to 1,048,576
         */
        public Builder maxControlLine(int bytes) {
            if (bytes < 64 || bytes > 1 << 20) {
                throw new IllegalArgumentException("maxControlLine is " + bytes + ": must be 64 to 1048576");
            }
            maxControlLine = bytes;
            return this;
        }

        /** What the server may send; default {@link ProtocolLimits#DEFAULTS}. */
        public Builder limits(ProtocolLimits protocolLimits) {
            limits = Objects.requireNonNull(protocolLimits, "protocolLimits");
            return this;
        }

        /**
         * How long the attempt to connect to one server may take: name resolution, TCP and handshake together; default
         * 2 s.
         *
         * @throws IllegalArgumentException if not above 0
         */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = Checks.positive("connectTimeout", timeout);
            return this;
        }

        /**
         * How long publish waits while the outbound buffer is full; 0 does not wait; default 5 s.
         *
         * @throws IllegalArgumentException if negative
         */
        public Builder writeTimeout(Duration timeout) {
            writeTimeout = Checks.notNegative("writeTimeout", timeout);
            return this;
        }

        /**
         * How long close waits for what is queued to be written and confirmed by the server; 0 does not wait; default
         * 2 s.
         *
         * @throws IllegalArgumentException if negative
         */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = Checks.notNegative("closeTimeout", timeout);
            return this;
        }

        /**
         * How many bytes may wait for the socket; a single message that is larger is accepted when nothing waits. Default
         * 8 MiB.
         *
         * @throws IllegalArgumentException if not above 0
         */
        public Builder outboundLimit(long bytes) {
            outboundLimit = Checks.positive("outboundLimit", bytes);
            return this;
        }

        /**
         * How much of a subscription may be pending: received and not consumed. Default 500,000 messages and 64 MiB of
         * headers and payload.
         *
         * @throws IllegalArgumentException if one of them is not above 0
         */
        public Builder pendingLimits(long messages, long bytes) {
            pendingLimits = new PendingLimits(messages, bytes);
            return this;
        }

        /** What happens when a subscription's pending limits are reached; default DROP_NEWEST. */
        public Builder overflow(Overflow policy) {
            overflow = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** The event loops; default those that all connections of the JVM share. */
        public Builder eventLoops(EventLoops loops) {
            eventLoops = Objects.requireNonNull(loops, "loops");
            return this;
        }

        /**
         * Where handlers and the listener are called and futures complete: any executor, one of virtual threads too. It
         * is not shut down. Default a pool that all connections of the JVM share, which starts threads as they are
         * needed and ends them with the last connection.
         */
        public Builder executor(Executor handlerExecutor) {
            executor = Objects.requireNonNull(handlerExecutor, "handlerExecutor");
            return this;
        }

        /** Resolves host names, anew at each attempt and off the caller's thread; default that of the JDK. */
        public Builder resolver(HostResolver hostResolver) {
            resolver = Objects.requireNonNull(hostResolver, "hostResolver");
            return this;
        }

        /** Is told what happens; default logs what goes wrong as a warning. */
        public Builder listener(ConnectionListener eventListener) {
            listener = Objects.requireNonNull(eventListener, "eventListener");
            return this;
        }

        /** The options. */
        public Options build() {
            return new Options(this);
        }
    }
}
