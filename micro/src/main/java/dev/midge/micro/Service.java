// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.Nuid;
import dev.midge.protocol.ProtocolException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An instance of a service (ADR-32): endpoints that answer requests and are counted, under a name by which {@link
 * Discovery} finds it, and the tools of NATS. Thread-safe; has no thread of its own, and lives on when its connection
 * changes servers.
 *
 * <p>It ends by {@link #stop()}, or with its connection.
 */
public final class Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    private final Scope scope;
    private final String description;
    private final Function<EndpointInfo, @Nullable Object> statsData;
    private final Consumer<ServiceError> onError;
    private final ServicePing ping;
    private final Lifetime lifetime;
    private volatile Instant started = Instant.now();

    private Service(Builder builder, Connection nc) {
        scope = builder.within(Scope.OUTERMOST, "");
        description = builder.description;
        statsData = builder.statsData;
        onError = builder.onError == null ? Service::log : builder.onError;
        ping = new ServicePing(builder.name, Nuid.next(), builder.version, builder.metadata, Map.of());
        lifetime = new Lifetime(this, nc, builder.prefix, builder.drainTimeout);
    }

    /**
     * A builder for a service.
     *
     * @param name what its instances have in common
     * @param version as in semver.org
     * @throws IllegalArgumentException unless the name is of A-Z, a-z, 0-9, - and _, and the version as in semver.org
     */
    public static Builder builder(String name, String version) {
        return new Builder(name, version);
    }

    /** The name, which all instances have. */
    public String name() {
        return ping.name();
    }

    /** The id, which no other instance has. */
    public String id() {
        return ping.id();
    }

    /**
     * Adds an endpoint to the service, whose subject is its name; see {@link #addEndpoint(EndpointOptions, RequestHandler)}.
     */
    public EndpointInfo addEndpoint(String name, RequestHandler handler) {
        return addEndpoint(EndpointOptions.builder(name).build(), handler);
    }

    /**
     * Adds an endpoint, which gets requests from now on. Never waits; a server that refuses the subscription says so by
     * {@link ConnectionEvent.PermissionDenied}, and that counts as an error of the endpoint.
     *
     * @throws IllegalArgumentException if its name or its subject is not allowed
     * @throws IllegalStateException if the service is being stopped
     * @throws dev.midge.client.ConnectionClosedException if the connection has ended
     */
    public EndpointInfo addEndpoint(EndpointOptions options, RequestHandler handler) {
        return add(options, scope, handler);
    }

    /**
     * A group of endpoints, whose subjects start with its name.
     *
     * @param name may be empty, and so add nothing
     * @throws IllegalArgumentException if it is no subject, or ends with the wildcard {@code >}
     */
    public ServiceGroup addGroup(String name) {
        return addGroup(GroupOptions.builder(name).build());
    }

    /** As {@link #addGroup(String)}, with options. */
    public ServiceGroup addGroup(GroupOptions options) {
        return new ServiceGroup(this, options.within(scope));
    }

    EndpointInfo add(EndpointOptions options, Scope around, RequestHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return lifetime.add(options, options.within(around), handler);
    }

    /** What it answers to PING. */
    public ServicePing ping() {
        return ping;
    }

    /** What it answers to INFO. */
    public ServiceInfo info() {
        return new ServiceInfo(
                ping.name(),
                ping.id(),
                ping.version(),
                ping.metadata(),
                description,
                lifetime.endpoints().stream().map(Endpoint::info).toList(),
                Map.of());
    }

    /** What it answers to STATS. */
    public ServiceStats stats() {
        return new ServiceStats(
                ping.name(),
                ping.id(),
                ping.version(),
                ping.metadata(),
                started,
                lifetime.endpoints().stream()
                        .map(endpoint -> endpoint.counts().snapshot(endpoint.info(), data(endpoint.info())))
                        .toList(),
                Map.of());
    }

    /** What the user adds, if it can be shown. */
    @SuppressWarnings("CatchingUnchecked") // it is the user's, and may throw what it likes
    private @Nullable Object data(EndpointInfo endpoint) {
        try {
            Object data = statsData.apply(endpoint);
            ServiceJson.check(data);
            return data;
        } catch (Throwable e) {
            report(endpoint, null, e);
            return null;
        }
    }

    /** Counts from zero again, as if it were started now. */
    public void reset() {
        started = Instant.now();
        lifetime.endpoints().forEach(endpoint -> endpoint.counts().reset());
    }

    /**
     * Stops it in order, and returns at once: its endpoints take no more requests, those that were accepted are handled and
     * answered, asynchronous ones included, for at most {@link Builder#drainTimeout}; then it is no more to be discovered.
     * {@link #stopped()} tells the end. Does nothing more if called again.
     */
    public void stop() {
        lifetime.stop();
    }

    /**
     * Completes when the service has ended: by {@link #stop()}, or because the user closed the connection. Fails if the
     * connection was lost for good, with the cause, or with a {@link NatsException} if requests were not handled in time.
     */
    public CompletionStage<Void> stopped() {
        return lifetime.stopped().minimalCompletionStage();
    }

    /** Something went wrong that nobody else gets to know. */
    @SuppressWarnings("CatchingUnchecked") // whatever a listener throws must not stop the service
    void report(@Nullable EndpointInfo endpoint, @Nullable Request request, Throwable cause) {
        try {
            onError.accept(new ServiceError(this, endpoint, request, cause));
        } catch (Throwable e) {
            LOG.warn("the listener of {} threw", this, e);
        }
    }

    private static void log(ServiceError error) {
        Object where =
                error.endpoint() == null ? "" : ", endpoint " + error.endpoint().name();
        if (error.cause() instanceof ProtocolException) { // its text quotes what came
            LOG.warn(
                    "{}{}: {}", error.service(), where, error.cause().getClass().getName());
        } else {
            LOG.warn("{}{}", error.service(), where, error.cause());
        }
    }

    @Override
    public String toString() {
        return "Service " + ping.name() + " " + ping.version() + " (" + ping.id() + ")";
    }

    /** Collects what a service is. Not thread-safe. */
    public static final class Builder extends Settings<Builder> {
        private final String name;
        private final String version;
        private String description = "";
        private Map<String, String> metadata = Map.of();
        private String prefix = ControlSubjects.PREFIX;
        private Duration drainTimeout = Duration.ofSeconds(30);
        private Function<EndpointInfo, @Nullable Object> statsData = endpoint -> null;
        private @Nullable Consumer<ServiceError> onError;

        private Builder(String name, String version) {
            this.name = Rules.name("service name", name);
            this.version = Rules.version(version);
        }

        /** What it is for, told to people by INFO; default empty. */
        public Builder description(String text) {
            description = Objects.requireNonNull(text, "text");
            return this;
        }

        /**
         * What is told of this instance by PING, INFO and STATS, copied.
         *
         * @throws IllegalArgumentException if a key is empty, or all are of more than 131,072 characters
         */
        public Builder metadata(Map<String, String> texts) {
            metadata = Rules.metadata(texts);
            return this;
        }

        /**
         * What the subjects of PING, INFO and STATS start with, instead of {@code $SRV}: for accounts that import them
         * under another name.
         *
         * @throws IllegalArgumentException if it is no subject that can be published to
         */
        public Builder controlPrefix(String subject) {
            prefix = Rules.prefix(subject);
            return this;
        }

        /**
         * How long {@link Service#stop()} waits for requests to be handled: default 30 s.
         *
         * @throws IllegalArgumentException if it is not above 0, or more than a day
         */
        public Builder drainTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(
                        "drainTimeout is " + timeout + ": must be above 0, and at most a day");
            }
            drainTimeout = timeout;
            return this;
        }

        /**
         * What STATS shows as {@code data} of an endpoint, asked for each time: null for nothing, or a String, Boolean,
         * Number, or a List or Map of such, at most 16 deep. If it throws, or cannot be shown, there is no data, and the
         * {@linkplain #onError listener} is told.
         */
        public Builder statsData(Function<EndpointInfo, @Nullable Object> data) {
            statsData = Objects.requireNonNull(data, "data");
            return this;
        }

        /**
         * Is told what goes wrong: what handlers throw, and why an answer could not be sent; on the thread at hand, which
         * is in general one of the endpoint's executor. The default logs it as a warning.
         */
        public Builder onError(Consumer<ServiceError> listener) {
            onError = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Starts an instance. Never waits; it can be discovered as soon as the server has what it is sent: {@link
         * Connection#flush} waits for that.
         *
         * @throws dev.midge.client.ConnectionClosedException if the connection has ended, or is being drained
         */
        public Service start(Connection nc) {
            Service service = new Service(this, nc);
            service.lifetime.start();
            return service;
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
