// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import dev.midge.testkit.server.ServerSettings;
import dev.midge.testkit.server.ServerSettings.Limits;
import dev.midge.testkit.server.ServerSettings.Times;
import dev.midge.testkit.server.TlsSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EmbeddedServer} is started with. Defaults are those of nats-server, except where a method says
 * otherwise. Each method checks what it is given and throws an {@link IllegalArgumentException} that names it. Not
 * thread-safe.
 */
public final class EmbeddedServerBuilder {
    private static final int MAX_PORT = 65_535;

    /** Nine digits are what a PUB line can announce. */
    private static final int MAX_MAX_PAYLOAD = 999_999_999;

    private String host = "127.0.0.1";
    private int port;
    private String serverName = "";
    private String version = "2.15.2";
    private boolean headers = true;
    private List<String> connectUrls = List.of();
    private final List<EmbeddedUser> users = new ArrayList<>();
    private @Nullable String token;
    private @Nullable String noAuthUser;
    private @Nullable EmbeddedTls tls;
    private int maxPayload = 1 << 20;
    private int maxControlLine = 4096;
    private long maxPending = 64 << 20;
    private int maxConnections = 64 << 10;
    private int maxSubscriptions = 1_000_000;
    private int maxSubjectTokens;
    private Duration pingInterval = Duration.ofMinutes(2);
    private int maxPingsOut = 2;
    private Duration authTimeout = Duration.ofSeconds(2);
    private Duration writeDeadline = Duration.ofSeconds(10);
    private Duration lameDuckGrace = Duration.ofSeconds(10);
    private Duration lameDuckDuration = Duration.ofMinutes(2);

    EmbeddedServerBuilder() {}

    /** The address to listen on; default 127.0.0.1, so that nobody else can connect. */
    public EmbeddedServerBuilder host(String host) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host is \"\": must be a name or an address");
        }
        this.host = host;
        return this;
    }

    /** The port to listen on; 0, the default, for any that is free. */
    public EmbeddedServerBuilder port(int port) {
        this.port = (int) within("port", port, 0, MAX_PORT);
        return this;
    }

    /** INFO's server_name; default {@code midge-embedded-} and the server's id. */
    public EmbeddedServerBuilder serverName(String name) {
        if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "serverName is \"" + name + "\": must not be empty nor have white space");
        }
        serverName = name;
        return this;
    }

    /**
     * INFO's version; default 2.15.2, the server whose behaviour this one has. It changes what clients that look at it
     * do, and nothing else.
     */
    public EmbeddedServerBuilder version(String version) {
        this.version = Objects.requireNonNull(version, "version");
        return this;
    }

    /** Whether clients may use headers; default true, false for a server from before 2.2. */
    public EmbeddedServerBuilder headers(boolean supported) {
        headers = supported;
        return this;
    }

    /** Other servers to tell clients about, host and port each; default none. */
    public EmbeddedServerBuilder connectUrls(List<String> urls) {
        connectUrls = List.copyOf(urls);
        return this;
    }

    /** A user who may do everything; with any user, all clients must say who they are. */
    public EmbeddedServerBuilder user(String name, String password) {
        return user(EmbeddedUser.of(name, password));
    }

    /** A user who may do what it says; with any user, all clients must say who they are. */
    public EmbeddedServerBuilder user(EmbeddedUser user) {
        if (users.stream().anyMatch(other -> other.name().equals(user.name()))) {
            throw new IllegalArgumentException("user \"" + user.name() + "\" is there already: names must differ");
        }
        users.add(user);
        return this;
    }

    /** The token that all clients must show; not together with users. */
    public EmbeddedServerBuilder token(String token) {
        if (token.isEmpty()) {
            throw new IllegalArgumentException("token is \"\": must not be empty");
        }
        this.token = token;
        return this;
    }

    /** The user, of those given, that clients are who do not say who they are. */
    public EmbeddedServerBuilder noAuthUser(String name) {
        noAuthUser = Objects.requireNonNull(name, "name");
        return this;
    }

    /** Encrypts connections; default off. */
    public EmbeddedServerBuilder tls(EmbeddedTls tls) {
        this.tls = Objects.requireNonNull(tls, "tls");
        return this;
    }

    /** Bytes of headers and payload that a message may have; default 1 MiB. A client that sends more is closed. */
    public EmbeddedServerBuilder maxPayload(int bytes) {
        maxPayload = (int) within("maxPayload", bytes, 1, MAX_MAX_PAYLOAD);
        return this;
    }

    /** Bytes that the arguments of a control line may have; default 4096. A client that sends more is closed. */
    public EmbeddedServerBuilder maxControlLine(int bytes) {
        maxControlLine = (int) within("maxControlLine", bytes, 16, 1 << 20);
        return this;
    }

    /**
     * Bytes that may wait to be sent to one client; default 64 MiB. A client for which there are more is a slow consumer
     * and closed at once. From three quarters on, those who send to it are slowed down.
     */
    public EmbeddedServerBuilder maxPending(long bytes) {
        maxPending = within("maxPending", bytes, 1, 1L << 40);
        return this;
    }

    /** How many clients may be connected; default 65,536. */
    public EmbeddedServerBuilder maxConnections(int count) {
        maxConnections = (int) within("maxConnections", count, 1, Integer.MAX_VALUE);
        return this;
    }

    /** How many subscriptions a client may have; default 1,000,000, while nats-server has no limit. */
    public EmbeddedServerBuilder maxSubscriptions(int count) {
        maxSubscriptions = (int) within("maxSubscriptions", count, 1, Integer.MAX_VALUE);
        return this;
    }

    /** How many tokens the subject of a subscription may have; default any number, which 0 stands for. */
    public EmbeddedServerBuilder maxSubjectTokens(int count) {
        maxSubjectTokens = (int) within("maxSubjectTokens", count, 0, Integer.MAX_VALUE);
        return this;
    }

    /** How often to ping a client that is silent; default 2 minutes, and once within 2.4 s of CONNECT. */
    public EmbeddedServerBuilder pingInterval(Duration interval) {
        pingInterval = positive("pingInterval", interval);
        return this;
    }

    /** How many pings may be unanswered; default 2. A client with more is stale and closed. */
    public EmbeddedServerBuilder maxPingsOut(int count) {
        maxPingsOut = (int) within("maxPingsOut", count, 0, Integer.MAX_VALUE);
        return this;
    }

    /** How long clients may take to say who they are, where they must; default 2 s. */
    public EmbeddedServerBuilder authTimeout(Duration timeout) {
        authTimeout = positive("authTimeout", timeout);
        return this;
    }

    /** How long a client's socket may take nothing while there is something for it; default 10 s. */
    public EmbeddedServerBuilder writeDeadline(Duration deadline) {
        writeDeadline = positive("writeDeadline", deadline);
        return this;
    }

    /**
     * How {@link EmbeddedServer#lameDuck} goes; default 10 s and 2 minutes.
     *
     * @param grace until the first client is closed
     * @param duration until the last one is, the time of grace included; no two are closed more than a second apart
     */
    public EmbeddedServerBuilder lameDuck(Duration grace, Duration duration) {
        if (grace.isNegative() || duration.compareTo(grace) < 0) {
            throw new IllegalArgumentException("grace is " + grace + " and duration " + duration
                    + ": must not be negative, and grace not the longer one");
        }
        lameDuckGrace = grace;
        lameDuckDuration = duration;
        return this;
    }

    /**
     * Starts the server, and blocks until it listens: some milliseconds.
     *
     * @throws java.io.UncheckedIOException if it cannot listen, with host, port and reason
     * @throws IllegalStateException if settings contradict each other, or on an event loop
     * @throws IllegalArgumentException if certificates or keys cannot be read
     */
    public EmbeddedServer start() {
        if (token != null && !users.isEmpty()) {
            throw new IllegalStateException("there are a token and users: clients show the one or the other");
        }
        String anonymous = noAuthUser;
        if (anonymous != null && users.stream().noneMatch(user -> user.name().equals(anonymous))) {
            throw new IllegalStateException("noAuthUser is \"" + anonymous + "\": must be one of the users");
        }
        EmbeddedServer.mustBlock("start");
        TlsSettings encryption = tls == null ? null : tls.settings();
        Limits limits =
                new Limits(maxPayload, maxControlLine, maxPending, maxConnections, maxSubscriptions, maxSubjectTokens);
        Times times = new Times(pingInterval, maxPingsOut, authTimeout, writeDeadline, lameDuckGrace, lameDuckDuration);
        return new EmbeddedServer(
                new ServerSettings(
                        host, serverName, version, headers, users, token, noAuthUser, encryption, limits, times),
                port,
                connectUrls);
    }

    private static long within(String argument, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(argument + " is " + value + ": must be " + min + " to " + max);
        }
        return value;
    }

    private static Duration positive(String argument, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException(argument + " is " + value + ": must be above 0 and at most a year");
        }
        return value;
    }
}
