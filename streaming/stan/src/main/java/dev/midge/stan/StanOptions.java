// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which cluster a streaming connection is to, as whom, and how it behaves. Immutable. */
public final class StanOptions {
    private final String clusterId;
    private final String clientId;
    private final String discoverPrefix;
    private final Duration connectTimeout;
    private final Duration ackTimeout;
    private final int maxPubAcksInFlight;
    private final PublishOverflow publishOverflow;
    private final Duration pingInterval;
    private final int maxPingsOut;
    private final OnSessionLost onSessionLost;
    private final Duration reestablishWait;
    private final @Nullable StanListener listener;

    private StanOptions(Builder builder) {
        clusterId = builder.clusterId;
        clientId = builder.clientId;
        discoverPrefix = builder.discoverPrefix;
        connectTimeout = builder.connectTimeout;
        ackTimeout = builder.ackTimeout;
        maxPubAcksInFlight = builder.maxPubAcksInFlight;
        publishOverflow = builder.publishOverflow;
        pingInterval = builder.pingInterval;
        maxPingsOut = builder.maxPingsOut;
        onSessionLost = builder.onSessionLost;
        reestablishWait = builder.reestablishWait;
        listener = builder.listener;
    }

    /**
     * A builder with everything else at its default.
     *
     * @param clusterId the id of the cluster, {@code test-cluster} where servers are not told another
     * @param clientId the id of this client, in use by no other connection at the same time; durables belong to it
     * @throws IllegalArgumentException if the client id has other characters than {@code A-Z a-z 0-9 - _}, or the cluster id
     *     cannot be in a subject
     */
    public static Builder builder(String clusterId, String clientId) {
        return new Builder(clusterId, clientId);
    }

    /** The id of the cluster. */
    public String clusterId() {
        return clusterId;
    }

    /** The id of this client. */
    public String clientId() {
        return clientId;
    }

    /** What the subject starts with that servers are looked for on; {@code .<cluster id>} follows. */
    public String discoverPrefix() {
        return discoverPrefix;
    }

    /** How long to wait for an answer of the server. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** How long to wait for the ack of a publish. */
    public Duration ackTimeout() {
        return ackTimeout;
    }

    /** How many acks of publishes may be outstanding. */
    public int maxPubAcksInFlight() {
        return maxPubAcksInFlight;
    }

    /** What happens when as many are. */
    public PublishOverflow publishOverflow() {
        return publishOverflow;
    }

    /** The time between two pings to the server. */
    public Duration pingInterval() {
        return pingInterval;
    }

    /** How many pings may be without an answer before the session is lost. */
    public int maxPingsOut() {
        return maxPingsOut;
    }

    /** What happens when the session is lost. */
    public OnSessionLost onSessionLost() {
        return onSessionLost;
    }

    /** How long to wait between two attempts to establish the session again. */
    public Duration reestablishWait() {
        return reestablishWait;
    }

    /** Who is told of events, or null. */
    public @Nullable StanListener listener() {
        return listener;
    }

    String discoverSubject() {
        return discoverPrefix + '.' + clusterId;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private final String clusterId;
        private final String clientId;
        private String discoverPrefix = "_STAN.discover";
        private Duration connectTimeout = Duration.ofSeconds(2);
        private Duration ackTimeout = Duration.ofSeconds(30);
        private int maxPubAcksInFlight = 16_384;
        private PublishOverflow publishOverflow = PublishOverflow.WAIT;
        private Duration pingInterval = Duration.ofSeconds(5);
        private int maxPingsOut = 88;
        private OnSessionLost onSessionLost = OnSessionLost.CLOSE;
        private Duration reestablishWait = Duration.ofSeconds(1);
        private @Nullable StanListener listener;

        private Builder(String clusterId, String clientId) {
            this.clusterId = Rules.tokens("clusterId", Objects.requireNonNull(clusterId, "clusterId"));
            this.clientId = Rules.clientId(Objects.requireNonNull(clientId, "clientId"));
        }

        /**
         * What the subject starts with that servers are looked for on; default {@code _STAN.discover}.
         *
         * @throws IllegalArgumentException if it cannot be in a subject
         */
        public Builder discoverPrefix(String prefix) {
            discoverPrefix = Rules.tokens("discoverPrefix", Objects.requireNonNull(prefix, "prefix"));
            return this;
        }

        /**
         * How long to wait for the server's answer to connect, subscribe, unsubscribe and close; default 2 s.
         *
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = Rules.positive("connectTimeout", timeout);
            return this;
        }

        /**
         * How long to wait for the ack of a publish, from when it was sent; default 30 s.
         *
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder ackTimeout(Duration timeout) {
            ackTimeout = Rules.positive("ackTimeout", timeout);
            return this;
        }

        /**
         * How many acks of publishes may be outstanding; default 16,384.
         *
         * @param acks from 1 to 1,000,000
         * @throws IllegalArgumentException outside of it
         */
        public Builder maxPubAcksInFlight(int acks) {
            maxPubAcksInFlight = Rules.between("maxPubAcksInFlight", acks, 1, 1_000_000);
            return this;
        }

        /** What happens when as many acks are outstanding; default {@link PublishOverflow#WAIT}. */
        public Builder publishOverflow(PublishOverflow policy) {
            publishOverflow = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * How the server is asked whether it still knows the session; default every 5 s, and 88 times. Time without a NATS
         * connection does not count.
         *
         * @param interval whole seconds, as the protocol has them
         * @param maxOut how many pings may be without an answer, from 2 to 1,000,000
         * @throws IllegalArgumentException outside of these
         */
        public Builder pings(Duration interval, int maxOut) {
            pingInterval = Rules.seconds("pingInterval", interval);
            maxPingsOut = Rules.between("maxPingsOut", maxOut, 2, 1_000_000);
            return this;
        }

        /** What happens when the session is lost; default {@link OnSessionLost#CLOSE}. */
        public Builder onSessionLost(OnSessionLost policy) {
            onSessionLost = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * How long to wait between two attempts to establish the session again; default 1 s.
         *
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder reestablishWait(Duration wait) {
            reestablishWait = Rules.positive("reestablishWait", wait);
            return this;
        }

        /** Who is told of events; default nobody, and they are logged. */
        public Builder listener(StanListener eventListener) {
            listener = Objects.requireNonNull(eventListener, "eventListener");
            return this;
        }

        /** The options. */
        public StanOptions build() {
            return new StanOptions(this);
        }
    }
}
