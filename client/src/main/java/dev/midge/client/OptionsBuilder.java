// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.auth.Auth;
import dev.midge.protocol.ProtocolLimits;
import dev.midge.protocol.SubjectValidation;
import dev.midge.protocol.Subjects;
import dev.midge.transport.Endpoint;
import dev.midge.transport.EventLoops;
import dev.midge.transport.HostResolver;
import dev.midge.transport.Proxy;
import dev.midge.transport.Tls;
import dev.midge.transport.TransportKind;
import dev.midge.transport.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Collects {@link Options}; each method says its default. Not thread-safe. */
public final class OptionsBuilder {
    /** So that a control line holds it besides the subject. */
    private static final int MAX_INBOX_PREFIX = 256;

    List<Endpoint> servers = List.of(Endpoint.parse("nats://localhost:4222"));

    boolean randomizeServers = true;
    boolean ignoreDiscoveredServers;

    @Nullable
    ServerChooser serverChooser;

    Reconnect reconnect = Reconnect.builder().build();

    @Nullable
    String name;

    @Nullable
    Auth auth;

    @Nullable
    Tls tls;

    WebSocket webSocket = WebSocket.builder().build();

    @Nullable
    Proxy proxy;

    boolean echo = true;
    boolean verbose;
    boolean pedantic;
    SubjectValidation subjectValidation = SubjectValidation.LENIENT;
    int maxControlLine = 4096;
    ProtocolLimits limits = ProtocolLimits.DEFAULTS;
    Duration connectionRacing = Duration.ZERO;
    Duration connectTimeout = Duration.ofSeconds(2);
    Duration pingInterval = Duration.ofMinutes(2);
    int maxPingsOut = 2;
    Duration writeTimeout = Duration.ofSeconds(5);
    Duration closeTimeout = Duration.ofSeconds(2);
    Duration requestTimeout = Duration.ofSeconds(5);
    boolean failRequestsOnDisconnect = true;
    String inboxPrefix = "_INBOX";
    boolean oldRequestStyle;
    long outboundLimit = 8 << 20;
    PendingLimits pendingLimits = new PendingLimits(500_000, 64 << 20);
    Overflow overflow = Overflow.DROP_NEWEST;
    EventLoops eventLoops = EventLoops.shared(TransportKind.AUTO);

    @Nullable
    Executor executor;

    HostResolver resolver = HostResolver.jdk();
    ConnectionListener listener = LoggingListener.INSTANCE;
    int eventLimit = 1000;

    @Nullable
    NatsContext context;

    OptionsBuilder() {}

    /**
     * Takes servers, authentication and TLS from the selected context of the {@code nats} CLI; as far as it says them:
     * what it does not is left as it is. Reads files.
     *
     * @throws IllegalArgumentException if none is selected; else as {@link #context(String)}
     */
    public OptionsBuilder context() {
        return context(Contexts.ofUser().selected());
    }

    /**
     * As {@link #context()}, from the context of this name:
     * {@code $XDG_CONFIG_HOME/nats/context/NAME.json}, where {@code XDG_CONFIG_HOME} is {@code ~/.config} by default.
     * Files that it names are read at each attempt to connect.
     *
     * @throws IllegalArgumentException if there is none, or it cannot be read, or asks for what Midge cannot do: looking
     *     something up by {@code nsc} or in the certificate store of Windows; the text names the file and the field, and
     *     shows no secret
     */
    public OptionsBuilder context(String name) {
        Contexts.ofUser().apply(Objects.requireNonNull(name, "name"), this);
        return this;
    }

    /** As {@link #context(String)}, from a file anywhere. */
    public OptionsBuilder context(Path file) {
        Contexts.ofUser().apply(Objects.requireNonNull(file, "file"), this);
        return this;
    }

    /**
     * Takes what properties say whose keys begin with {@code midge.}, such as {@code midge.connect-timeout=2s};
     * {@code docs/options.md} lists them. Options without a key are left as they are; of authentication, TLS and other
     * options with a builder of their own all is replaced as soon as there is one key of it.
     *
     * @param properties a {@link java.util.Properties}, or any other map of texts; other keys are not looked at
     * @throws IllegalArgumentException if a key is unknown, or a value not allowed; the text shows no secret
     */
    public OptionsBuilder properties(Map<?, ?> properties) {
        OptionsProperties.read(Objects.requireNonNull(properties, "properties"), this);
        return this;
    }

    /**
     * As {@link #properties}, from environment variables: {@code MIDGE_CONNECT_TIMEOUT} is
     * {@code midge.connect-timeout}. One that is empty counts as not set, and one that is unknown is refused only if its
     * name is nearly a known one: others may have variables of the same prefix.
     *
     * @throws IllegalArgumentException as {@link #properties}
     */
    public OptionsBuilder environment() {
        OptionsProperties.readEnvironment(System.getenv(), this);
        return this;
    }

    /**
     * The servers to try, in a random order unless {@link #randomizeServers} says otherwise; default
     * {@code nats://localhost:4222}.
     *
     * @param urls {@code nats://[user:password@|token@]host[:port]}, {@code tls://...}, {@code ws://...} or
     *     {@code wss://...}; the scheme and the port can be left out. Several may stand in one text with commas between
     *     them: a comma in a user, password or token is written {@code %2C}.
     * @throws IllegalArgumentException if there is none, one is not of this form, or some are WebSocket servers and
     *     others are not
     */
    public OptionsBuilder servers(String... urls) {
        servers = ServerUrls.parse(urls);
        return this;
    }

    /**
     * Whether servers are tried in a random order, so that clients spread over a cluster; default true. It goes for all
     * of them, the first one and those that other servers announce included, and for the addresses of each. Without it
     * servers are tried in the order given, and addresses in that of the resolver.
     */
    public OptionsBuilder randomizeServers(boolean on) {
        randomizeServers = on;
        return this;
    }

    /**
     * Whether servers that others announce are left alone; default false: a connection may go to any server of the
     * cluster.
     */
    public OptionsBuilder ignoreDiscoveredServers(boolean on) {
        ignoreDiscoveredServers = on;
        return this;
    }

    /** Chooses the server that is tried next when a connection was lost; default one that was not tried for long. */
    public OptionsBuilder serverChooser(ServerChooser chooser) {
        serverChooser = Objects.requireNonNull(chooser, "chooser");
        return this;
    }

    /** How often and when a lost connection is tried again; default {@code Reconnect.builder().build()}. */
    public OptionsBuilder reconnect(Reconnect how) {
        reconnect = Objects.requireNonNull(how, "how");
        return this;
    }

    /** The name that the server shows for the connection; default none. */
    public OptionsBuilder name(String connectionName) {
        name = Objects.requireNonNull(connectionName, "connectionName");
        return this;
    }

    /** Who the connection is to be, where the server's URL does not say it; default nobody. */
    public OptionsBuilder auth(Auth credentials) {
        auth = Objects.requireNonNull(credentials, "credentials");
        return this;
    }

    /**
     * Encrypts the connection, or fails: it is never made without, to a {@code ws://} server neither. Default: a
     * {@code tls://} or {@code wss://} server is encrypted, and one that asks for it, both with {@code Tls.builder().build()}; others are not.
     */
    public OptionsBuilder tls(Tls encryption) {
        tls = Objects.requireNonNull(encryption, "encryption");
        return this;
    }

    /** How to talk to {@code ws://} and {@code wss://} servers; default {@code WebSocket.builder().build()}. */
    public OptionsBuilder webSocket(WebSocket settings) {
        webSocket = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /** Connects to all servers through a proxy; default to all of them directly. */
    public OptionsBuilder proxy(Proxy between) {
        proxy = Objects.requireNonNull(between, "between");
        return this;
    }

    /** Whether messages published come back to this connection's subscriptions; default true. */
    public OptionsBuilder echo(boolean on) {
        echo = on;
        return this;
    }

    /** Whether the server answers each frame with +OK; default false, and good for nothing but looking. */
    public OptionsBuilder verbose(boolean on) {
        verbose = on;
        return this;
    }

    /** Whether the server checks subjects more strictly; default false. */
    public OptionsBuilder pedantic(boolean on) {
        pedantic = on;
        return this;
    }

    /** How strictly subjects are checked before they are sent; default LENIENT. */
    public OptionsBuilder subjectValidation(SubjectValidation mode) {
        subjectValidation = Objects.requireNonNull(mode, "mode");
        return this;
    }

    /**
     * The longest control line to send, which the server's max_control_line must allow: a longer one would end the
     * connection. Default 4096 bytes, as the server's.
     *
     * @throws IllegalArgumentException if outside 64 to 1,048,576
     */
    public OptionsBuilder maxControlLine(int bytes) {
        if (bytes < 64 || bytes > 1 << 20) {
            throw new IllegalArgumentException("maxControlLine is " + bytes + ": must be 64 to 1048576");
        }
        maxControlLine = bytes;
        return this;
    }

    /** What the server may send; default {@link ProtocolLimits#DEFAULTS}. */
    public OptionsBuilder limits(ProtocolLimits protocolLimits) {
        limits = Objects.requireNonNull(protocolLimits, "protocolLimits");
        return this;
    }

    /**
     * How long the attempt to connect to one server may take: name resolution, TCP and handshake together; default
     * 2 s.
     *
     * @throws IllegalArgumentException if not above 0
     */
    public OptionsBuilder connectTimeout(Duration timeout) {
        connectTimeout = Checks.positive("connectTimeout", timeout);
        return this;
    }

    /**
     * How long one address of a server may keep silent until the next one is tried beside it, IPv4 and IPv6 in turns;
     * the first that takes the TCP connection is used (RFC 8305, which recommends 250 ms). 0, the default, tries one
     * address after the other, each for its part of {@link #connectTimeout}.
     *
     * @throws IllegalArgumentException if negative, or over a minute
     */
    public OptionsBuilder connectionRacing(Duration delay) {
        if (Checks.notNegative("connectionRacing", delay).compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("connectionRacing is " + delay + ": must be a minute at most");
        }
        connectionRacing = delay;
        return this;
    }

    /**
     * After how long without a byte from the server it is pinged; 0 never pings. A server that is gone although the socket
     * does not say so is found out within {@code pingInterval x (maxPingsOut + 1)}. Default 2 minutes. Source: ADR-40.
     *
     * @throws IllegalArgumentException if negative
     */
    public OptionsBuilder pingInterval(Duration interval) {
        pingInterval = Checks.notNegative("pingInterval", interval);
        return this;
    }

    /**
     * After how many PINGs in a row without any answer, be it a PONG or something else, the server is taken for gone;
     * default 2. Source: ADR-40.
     *
     * @throws IllegalArgumentException if below 1 or above 1,000
     */
    public OptionsBuilder maxPingsOut(int pings) {
        if (pings < 1 || pings > 1000) {
            throw new IllegalArgumentException("maxPingsOut is " + pings + ": must be 1 to 1000");
        }
        maxPingsOut = pings;
        return this;
    }

    /**
     * How long publish waits while the outbound buffer is full; 0 does not wait; default 5 s.
     *
     * @throws IllegalArgumentException if negative
     */
    public OptionsBuilder writeTimeout(Duration timeout) {
        writeTimeout = Checks.notNegative("writeTimeout", timeout);
        return this;
    }

    /**
     * How long close waits for what is queued to be written and confirmed by the server; 0 does not wait; default
     * 2 s.
     *
     * @throws IllegalArgumentException if negative
     */
    public OptionsBuilder closeTimeout(Duration timeout) {
        closeTimeout = Checks.notNegative("closeTimeout", timeout);
        return this;
    }

    /**
     * How long a {@linkplain Connection#requestMany(Message, RequestManyOptions) request-many} waits whose own options do not say it; default 5 s.
     *
     * @throws IllegalArgumentException if not above 0
     */
    public OptionsBuilder requestTimeout(Duration timeout) {
        requestTimeout = Checks.positive("requestTimeout", timeout);
        return this;
    }

    /**
     * Whether requests that the server was given fail with {@link DisconnectedException} when it is lost; default true.
     * Otherwise they wait for the rest of their time, as the reply may come by way of the next server. Those that are still
     * queued always wait for that.
     */
    public OptionsBuilder failRequestsOnDisconnect(boolean on) {
        failRequestsOnDisconnect = on;
        return this;
    }

    /**
     * What the subjects of replies to this connection begin with, as the server may allow it to subscribe to some only;
     * default {@code _INBOX}.
     *
     * @throws IllegalArgumentException if it is not tokens of printable ASCII separated by dots, has wildcards or ends
     *     with a dot, or has more than 256 characters
     */
    public OptionsBuilder inboxPrefix(String prefix) {
        Subjects.checkInboxPrefix(prefix, SubjectValidation.STRICT);
        if (prefix.length() > MAX_INBOX_PREFIX) {
            throw new IllegalArgumentException(
                    "inboxPrefix has " + prefix.length() + " characters: must have at most " + MAX_INBOX_PREFIX);
        }
        inboxPrefix = prefix;
        return this;
    }

    /**
     * Whether each request has a subject and a subscription of its own for its reply, as clients had it long ago; default
     * false: one wildcard subscription serves all. It costs a SUB and an UNSUB for each request, and is of use where
     * permissions allow no wildcards.
     */
    public OptionsBuilder oldRequestStyle(boolean on) {
        oldRequestStyle = on;
        return this;
    }

    /**
     * How many bytes may wait for the socket; a single message that is larger is accepted when nothing waits. Default
     * 8 MiB.
     *
     * @throws IllegalArgumentException if not above 0
     */
    public OptionsBuilder outboundLimit(long bytes) {
        outboundLimit = Checks.positive("outboundLimit", bytes);
        return this;
    }

    /**
     * How much of a subscription may be pending: received and not consumed. Default 500,000 messages and 64 MiB of
     * headers and payload.
     *
     * @throws IllegalArgumentException if one of them is not above 0
     */
    public OptionsBuilder pendingLimits(long messages, long bytes) {
        pendingLimits = new PendingLimits(messages, bytes);
        return this;
    }

    /** What happens when a subscription's pending limits are reached; default DROP_NEWEST. */
    public OptionsBuilder overflow(Overflow policy) {
        overflow = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** The event loops; default those that all connections of the JVM share. */
    public OptionsBuilder eventLoops(EventLoops loops) {
        eventLoops = Objects.requireNonNull(loops, "loops");
        return this;
    }

    /**
     * Where handlers and the listener are called and futures complete: any executor, one of virtual threads too. It
     * is not shut down. Default a pool that all connections of the JVM share, which starts threads as they are
     * needed and ends them with the last connection.
     */
    public OptionsBuilder executor(Executor handlerExecutor) {
        executor = Objects.requireNonNull(handlerExecutor, "handlerExecutor");
        return this;
    }

    /** Resolves host names, anew at each attempt and off the caller's thread; default that of the JDK. */
    public OptionsBuilder resolver(HostResolver hostResolver) {
        resolver = Objects.requireNonNull(hostResolver, "hostResolver");
        return this;
    }

    /** Is told what happens; default logs what goes wrong as a warning. */
    public OptionsBuilder listener(ConnectionListener eventListener) {
        listener = Objects.requireNonNull(eventListener, "eventListener");
        return this;
    }

    /**
     * How many events may wait for the listener, here and of all that is built on the connection; default 1,000. Over it they
     * are dropped, which {@link ConnectionEvent.EventsDropped} tells, but for those that {@link ConnectionEvent} names.
     *
     * @throws IllegalArgumentException if outside 1 to 1,000,000
     */
    public OptionsBuilder eventLimit(int events) {
        if (events < 1 || events > 1_000_000) {
            throw new IllegalArgumentException("eventLimit is " + events + ": must be 1 to 1000000");
        }
        eventLimit = events;
        return this;
    }

    /** The options. */
    public Options build() {
        return new Options(this);
    }
}
