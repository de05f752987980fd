// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.auth.Auth;
import dev.midge.protocol.ProtocolLimits;
import dev.midge.protocol.SubjectValidation;
import dev.midge.transport.Endpoint;
import dev.midge.transport.EventLoops;
import dev.midge.transport.HostResolver;
import dev.midge.transport.Proxy;
import dev.midge.transport.Tls;
import dev.midge.transport.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How a connection is made and behaves. Immutable and validated; owns no thread and can be used any number of times. */
public final class Options {
    private final List<Endpoint> servers;
    private final boolean randomizeServers;
    private final boolean ignoreDiscoveredServers;
    private final @Nullable ServerChooser serverChooser;
    private final Reconnect reconnect;
    private final @Nullable String name;
    private final @Nullable Auth auth;
    private final @Nullable Tls tls;
    private final WebSocket webSocket;
    private final @Nullable Proxy proxy;
    private final boolean echo;
    private final boolean verbose;
    private final boolean pedantic;
    private final SubjectValidation subjectValidation;
    private final int maxControlLine;
    private final ProtocolLimits limits;
    private final Duration connectionRacing;
    private final Duration connectTimeout;
    private final Duration pingInterval;
    private final int maxPingsOut;
    private final Duration writeTimeout;
    private final Duration closeTimeout;
    private final Duration requestTimeout;
    private final boolean failRequestsOnDisconnect;
    private final String inboxPrefix;
    private final boolean oldRequestStyle;
    private final long outboundLimit;
    private final PendingLimits pendingLimits;
    private final Overflow overflow;
    private final EventLoops eventLoops;
    private final @Nullable Executor executor;
    private final HostResolver resolver;
    private final ConnectionListener listener;
    private final int eventLimit;
    private final @Nullable NatsContext context;

    Options(OptionsBuilder builder) {
        servers = builder.servers;
        randomizeServers = builder.randomizeServers;
        ignoreDiscoveredServers = builder.ignoreDiscoveredServers;
        serverChooser = builder.serverChooser;
        reconnect = builder.reconnect;
        name = builder.name;
        auth = builder.auth;
        tls = builder.tls;
        webSocket = builder.webSocket;
        proxy = builder.proxy;
        echo = builder.echo;
        verbose = builder.verbose;
        pedantic = builder.pedantic;
        subjectValidation = builder.subjectValidation;
        maxControlLine = builder.maxControlLine;
        limits = builder.limits;
        connectionRacing = builder.connectionRacing;
        connectTimeout = builder.connectTimeout;
        pingInterval = builder.pingInterval;
        maxPingsOut = builder.maxPingsOut;
        writeTimeout = builder.writeTimeout;
        closeTimeout = builder.closeTimeout;
        requestTimeout = builder.requestTimeout;
        failRequestsOnDisconnect = builder.failRequestsOnDisconnect;
        inboxPrefix = builder.inboxPrefix;
        oldRequestStyle = builder.oldRequestStyle;
        outboundLimit = builder.outboundLimit;
        pendingLimits = builder.pendingLimits;
        overflow = builder.overflow;
        eventLoops = builder.eventLoops;
        executor = builder.executor;
        resolver = builder.resolver;
        listener = builder.listener;
        eventLimit = builder.eventLimit;
        context = builder.context;
    }

    /** A builder with everything at its default. */
    public static OptionsBuilder builder() {
        return new OptionsBuilder();
    }

    /** Those of the selected context of the {@code nats} CLI, else the defaults; see {@link OptionsBuilder#context()}. */
    public static Options fromContext() {
        return builder().context().build();
    }

    /** Those of a context of the {@code nats} CLI, else the defaults; see {@link OptionsBuilder#context(String)}. */
    public static Options fromContext(String name) {
        return builder().context(name).build();
    }

    /** Those of the file of a context, else the defaults; see {@link OptionsBuilder#context(String)}. */
    public static Options fromContext(Path file) {
        return builder().context(file).build();
    }

    /** Those that properties say, else the defaults; see {@link OptionsBuilder#properties}. */
    public static Options fromProperties(Map<?, ?> properties) {
        return builder().properties(properties).build();
    }

    /** Those that environment variables say, else the defaults; see {@link OptionsBuilder#environment}. */
    public static Options fromEnvironment() {
        return builder().environment().build();
    }

    /** The servers, in the order given. Their text never shows a password or token. */
    public List<Endpoint> servers() {
        return servers;
    }

    /** Whether servers are tried in a random order. */
    public boolean randomizeServers() {
        return randomizeServers;
    }

    /** Whether servers that others announce are left alone. */
    public boolean ignoreDiscoveredServers() {
        return ignoreDiscoveredServers;
    }

    /** How often and when a lost connection is tried again. */
    public Reconnect reconnect() {
        return reconnect;
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

    /** How long one address of a server may keep silent until the next one is tried beside it; 0 for one by one. */
    public Duration connectionRacing() {
        return connectionRacing;
    }

    /** How long the attempt to connect to one server may take. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** After how long without a byte from the server it is pinged; zero if never. */
    public Duration pingInterval() {
        return pingInterval;
    }

    /** After how many PINGs in a row without any answer the server is taken for gone. */
    public int maxPingsOut() {
        return maxPingsOut;
    }

    /** How long publish waits while the outbound buffer is full. */
    public Duration writeTimeout() {
        return writeTimeout;
    }

    /** How long close waits for what is queued to be written and confirmed. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** How long a request-many waits whose own options do not say it. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** Whether requests that were sent fail when their server is lost. */
    public boolean failRequestsOnDisconnect() {
        return failRequestsOnDisconnect;
    }

    /** What the subjects of replies to this connection begin with. */
    public String inboxPrefix() {
        return inboxPrefix;
    }

    /** Whether each request has a subscription of its own. */
    public boolean oldRequestStyle() {
        return oldRequestStyle;
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

    /** How many events may wait for a listener. */
    public int eventLimit() {
        return eventLimit;
    }

    /** The context of the {@code nats} CLI that they were made from, or null. */
    public @Nullable NatsContext context() {
        return context;
    }

    @Nullable
    ServerChooser serverChooser() {
        return serverChooser;
    }

    @Nullable
    Auth auth() {
        return auth;
    }

    @Nullable
    Tls tls() {
        return tls;
    }

    WebSocket webSocket() {
        return webSocket;
    }

    @Nullable
    Proxy proxy() {
        return proxy;
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
}
