// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.testkit.conformance.Player.NotOffered;
import java.net.URI;
import javax.net.ssl.SSLContext;

/**
 * A server that the suite is run against. One that Midge starts itself is started anew for each configuration that
 * conversations need; one that runs somewhere is taken as it is.
 */
public abstract sealed class ServerUnderTest implements AutoCloseable
        permits EmbeddedServers, NatsServers, RemoteServer {
    ServerUnderTest() {}

    /**
     * nats-server of a version, started as conversations need it, see {@link dev.midge.testkit.base.NatsServer}.
     *
     * @throws org.opentest4j.TestAbortedException from the run, when there is no binary
     */
    public static ServerUnderTest natsServer(NatsServerVersion version) {
        return new NatsServers(version);
    }

    /** {@link dev.midge.testkit.EmbeddedServer}, one for each conversation. */
    public static ServerUnderTest embedded() {
        return new EmbeddedServers();
    }

    /**
     * A server that is running, as it is: conversations that need another configuration are not run.
     *
     * @param url as in {@code nats://user:password@host:4222}; a lone user is a token; without port, 4222
     * @throws IllegalArgumentException when it is no such URL
     */
    public static ServerUnderTest at(URI url) {
        return new RemoteServer(url);
    }

    /** What it is, as in {@code nats-server 2.15.2}. */
    public abstract String name();

    /** The name of the file with the results that are expected of it. */
    abstract String expectedResults();

    /** A server as a conversation needs it; the caller closes it. */
    abstract Running provide(Conversation conversation) throws NotOffered;

    /** Ends what it has started. */
    @Override
    public abstract void close();

    /** Where to connect. */
    interface Running extends AutoCloseable {
        String host();

        int port();

        /** What a handshake has to say besides what the conversation says: a JSON object. */
        default String credentials() {
            return "{}";
        }

        /** Makes it announce that it is going to shut down. */
        void lameDuck() throws NotOffered;

        /** Makes it tell its clients of another server, by host and port. */
        void announce(String server) throws NotOffered;

        /** Makes it tell its clients that there is no such server any more. */
        void forget(String server) throws NotOffered;

        /** What trusts the certificate that it shows. */
        SSLContext trusting() throws NotOffered;

        /** Gives it another configuration, and comes back when that is in force. */
        void reload(Needs needs) throws NotOffered;

        /** After the conversation. */
        @Override
        void close();
    }
}
