// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Info;
import dev.midge.protocol.ServerError;
import dev.midge.transport.ConnectFailedException;
import dev.midge.transport.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The servers that a connection may go to, which of them is next, and when. On the event loop, but for {@link #view}.
 *
 * <p>See {@link Reconnect} for the waits. A server leaves the pool when too many attempts in a row failed, and when it
 * refuses the credentials twice in a row for the same reason: they would be refused again.
 */
final class ServerPool {
    /** A connection that lasts as long is not one that was accepted only to be dropped. */
    private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int maxAttempts;
    private final Backoff backoff;
    private final boolean randomize;
    private final boolean ignoreDiscovered;
    private final @Nullable ServerChooser chooser;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Consumer<ConnectionEvent> events;

    private final List<Server> servers = new ArrayList<>();

    /** The places of servers that left the pool: what others announce does not bring them back before they vanished. */
    private final Set<String> expelled = new HashSet<>();

    /** Those that failed, and the user was not asked yet for how long they are left alone. */
    private final Set<Server> delayOwed = new LinkedHashSet<>();

    /** What the user said is next. */
    private @Nullable Server chosen;

    private volatile List<ServerState> view = List.of();
    private @Nullable Info lastInfo;

    /** No server is tried before. */
    private long earliest;

    /** Counts the attempts. */
    private long tries;

    /** Counts the servers there were. */
    private long ranks;

    private boolean everConnected;
    private boolean expelledForAuthentication;

    /**
     * @param nanoTime the time, as {@link System#nanoTime()} counts it
     * @param random for the order of the servers and the random part of the waits
     * @param events are told when a callback of the user fails
     */
    ServerPool(Options options, LongSupplier nanoTime, RandomGenerator random, Consumer<ConnectionEvent> events) {
        this.maxAttempts = options.reconnect().maxAttempts();
        this.backoff = new Backoff(options.reconnect(), random);
        this.randomize = options.randomizeServers();
        this.ignoreDiscovered = options.ignoreDiscoveredServers();
        this.chooser = options.serverChooser();
        this.nanoTime = nanoTime;
        this.random = random;
        this.events = events;
        this.earliest = nanoTime.getAsLong();
        for (Endpoint endpoint : options.servers()) {
            servers.add(new Server(endpoint, false, rank(), earliest));
        }
        changed();
    }

    private double rank() {
        return randomize ? random.nextDouble() : ranks++;
    }

    private void changed() {
        view = servers.stream().map(Server::state).toList();
    }

    /** What the user is to be asked before {@link #next}, with the answers to be {@linkplain #take taken}; null if nothing. */
    @Nullable
    Advice advice() {
        boolean choosing = chooser != null
                && !servers.isEmpty()
                && (everConnected || servers.stream().allMatch(server -> server.lastTry != 0));
        if (!choosing && delayOwed.isEmpty()) {
            return null;
        }
        Map<Server, Integer> failures = new LinkedHashMap<>();
        delayOwed.forEach(server -> failures.put(server, server.backoff));
        return new Advice(choosing ? chooser : null, backoff.ownDelay(), failures, view, lastInfo);
    }

    /** Takes what the user said. */
    void take(Advice advice) {
        advice.delays()
                .forEach((server, delay) -> server.notBefore = server.failedAt + backoff.withJitter(delay.toNanos()));
        delayOwed.clear(); // where the callback failed, it stays at the wait that the options say
        advice.failed().forEach(events);
        chosen = advice.choice() == null ? null : chosen(advice.choice());
    }

    /**
     * The server to try next: the one whose wait is over first; of several whose wait is over, the one not tried for
     * the longest time. The user's choice comes first, once each server was tried or there was a connection.
     *
     * @param avoided is not the answer
     * @return null if there is none
     */
    @Nullable
    Server next(@Nullable Server avoided) {
        Server byUser = chosen;
        chosen = null;
        if (byUser != null && byUser != avoided) {
            return byUser;
        }
        long now = nanoTime.getAsLong();
        Server best = null;
        for (Server server : servers) {
            if (server != avoided && (best == null || comesBefore(server, best, now))) {
                best = server;
            }
        }
        return best;
    }

    private boolean comesBefore(Server a, Server b, long now) {
        int byWait = Long.compare(waitNanos(a, now), waitNanos(b, now));
        int byTry = byWait != 0 ? byWait : Long.compare(a.lastTry, b.lastTry);
        return byTry != 0 ? byTry < 0 : a.rank < b.rank;
    }

    private long waitNanos(Server server, long now) {
        return Math.max(0, Math.max(server.notBefore - now, earliest - now));
    }

    private @Nullable Server chosen(ServerChooser.Choice choice) {
        Server server = find(choice.server());
        if (server == null) {
            events.accept(new ConnectionEvent.CallbackFailed(
                    "serverChooser",
                    new IllegalArgumentException("the server chosen, " + choice.server() + ", is none of " + servers)));
            return null;
        }
        Duration delay = choice.delay();
        if (delay != null) {
            earliest = nanoTime.getAsLong();
            server.notBefore = earliest + delay.toNanos();
        }
        return server;
    }

    private @Nullable Server find(Endpoint endpoint) {
        Server there = null;
        for (Server server : servers) {
            if (server.endpoint().equals(endpoint)) {
                return server;
            }
            if (there == null && server.isAt(endpoint)) {
                there = server;
            }
        }
        return there;
    }

    /** How long from now until the server may be tried, 0 if it may be at once. */
    long delayNanos(Server server) {
        return waitNanos(server, nanoTime.getAsLong());
    }

    /** Whether the last server that left the pool did so because it refused the credentials. */
    boolean expelledForAuthentication() {
        return expelledForAuthentication;
    }

    /** The attempt succeeded. Its wait starts from the beginning only once the connection has lasted for some time. */
    void connected(Server server) {
        everConnected = true;
        server.lastTry = ++tries;
        server.failures = 0;
        changed();
    }

    /** The attempt failed. */
    void failed(Server server, Throwable cause) {
        failed(server, cause instanceof ConnectFailedException failure ? failure.serverError() : null);
    }

    /** The attempt failed, and maybe the server said why. */
    void failed(Server server, @Nullable ServerError error) {
        server.lastTry = ++tries;
        server.failures++;
        if (server.refusedAgain(error)) {
            expel(server, true);
        } else if (maxAttempts >= 0 && server.failures >= Math.max(1, maxAttempts)) {
            expel(server, false);
        } else {
            backOff(server);
        }
        changed();
    }

    /**
     * The connection ended.
     *
     * @param livedNanos how long it lasted; less than the initial wait, or than a second, counts as a failed attempt for the
     *     next wait
     * @param error what the server said at last, if it did
     */
    void lost(Server server, long livedNanos, @Nullable ServerError error) {
        server.lastTry = ++tries;
        boolean lasted = livedNanos >= Math.min(backoff.nanosAfter(1), LASTING_NANOS);
        if (lasted) {
            server.backoff = 0;
            server.lastAuthError = null;
        }
        long now = nanoTime.getAsLong();
        earliest = now + backoff.withJitter(0);
        if (server.refusedAgain(error)) {
            expel(server, true);
        } else if (lasted) {
            server.notBefore = now;
        } else {
            backOff(server);
        }
        changed();
    }

    private void expel(Server server, boolean forAuthentication) {
        if (servers.remove(server)) {
            delayOwed.remove(server);
            expelled.add(Server.place(server.endpoint()));
            expelledForAuthentication = forAuthentication;
        }
    }

    private void backOff(Server server) {
        if (server.backoff < Integer.MAX_VALUE) {
            server.backoff++;
        }
        server.failedAt = nanoTime.getAsLong();
        server.notBefore = server.failedAt + backoff.withJitter(backoff.nanosAfter(server.backoff));
        if (backoff.ownDelay() != null) {
            delayOwed.add(server);
        }
    }

    /**
     * A server announced others. They join as discovered ones, with the scheme and the user of the URL that the
     * connection uses; discovered ones that are not announced any more vanish, but for the one that is connected to. A
     * server that announces none says nothing about them.
     *
     * @param current the server that is connected to
     * @return those that joined, empty the first time of all
     */
    List<Endpoint> announced(Server current, Info info) {
        boolean first = lastInfo == null;
        lastInfo = info;
        Map<String, Endpoint> announced = ignoreDiscovered ? Map.of() : AnnouncedServers.of(info, current.endpoint());
        if (announced.isEmpty()) {
            return List.of();
        }
        expelled.retainAll(announced.keySet());
        servers.removeIf(server ->
                server.isDiscovered() && server != current && !announced.containsKey(Server.place(server.endpoint())));
        List<Endpoint> joined = new ArrayList<>();
        for (Endpoint endpoint : announced.values()) {
            if (find(endpoint) == null
                    && !current.isAt(endpoint)
                    && !expelled.contains(Server.place(endpoint))
                    && servers.size() < ServerUrls.MAX_SERVERS) {
                servers.add(new Server(endpoint, true, rank(), nanoTime.getAsLong()));
                joined.add(endpoint);
            }
        }
        changed();
        return first ? List.of() : joined;
    }

    /**
     * Takes these servers in place of those there are. What is known of those that stay is kept, and a connection to one
     * that does not stay as well.
     *
     * @throws IllegalArgumentException as {@link ServerUrls#checked} does
     */
    void replace(List<Endpoint> endpoints) {
        List<Server> kept = new ArrayList<>();
        for (Endpoint endpoint : ServerUrls.checked(endpoints)) {
            Server known = find(endpoint);
            if (known != null && !kept.contains(known)) {
                known.configure(endpoint);
                kept.add(known);
            } else {
                kept.add(new Server(endpoint, false, rank(), nanoTime.getAsLong()));
            }
        }
        servers.clear();
        servers.addAll(kept);
        expelled.clear();
        changed();
    }

    /** The servers as they are now; any thread. */
    List<ServerState> view() {
        return view;
    }
}
