// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.NatsException;
import dev.midge.protocol.ServerError;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One attempt to connect to one server failed: to which, how far it got, and why. */
public class ConnectFailedException extends NatsException {
    private static final long serialVersionUID = 1L;

    /** How far an attempt got. */
    public enum Phase {
        /** Finding the addresses of the host. */
        RESOLVE,
        /** Opening a TCP connection to one of them. */
        TCP,
        /** Asking for the upgrade of HTTP to WebSocket. */
        WEBSOCKET,
        /** Waiting for the server's INFO. */
        INFO,
        /** Having a proxy open the way to the server. */
        PROXY,
        /** Encrypting the connection. */
        TLS,
        /** Making CONNECT, or waiting for the server's answer to it. */
        CONNECT
    }

    /** Why an attempt failed. */
    public enum Reason {
        /** The host has no address. */
        UNKNOWN_HOST,
        /** Nothing listens at the port, or a firewall says so. */
        REFUSED,
        /** The network does not lead to the address. */
        UNREACHABLE,
        /** The time for the attempt was over. */
        TIMEOUT,
        /** The peer closed the connection in the middle. */
        PEER_CLOSED,
        /** What the peer sent is not NATS, or not what has to come at this point. */
        PROTOCOL,
        /** The proxy refused to open the way, could not, or is none: the text has what it answered. */
        PROXY,
        /** The server answered {@code -ERR}, other than to the credentials. */
        SERVER_ERROR,
        /** The server does not accept the credentials: an {@link AuthenticationException}. */
        AUTHENTICATION,
        /**
         * The connection cannot be encrypted: a file is missing or wrong, the server's certificate is not believed, it
         * does not believe the client's, or does not encrypt at all.
         */
        TLS,
        /** An optional jar is needed for it, and is not there: the text names it. */
        NOT_SUPPORTED,
        /** Anything else, such as an exception of the resolver or while CONNECT was made: see the cause. */
        FAILED
    }

    private final transient Endpoint endpoint;
    private final transient @Nullable InetSocketAddress address;
    private final Phase phase;
    private final Reason reason;
    private final transient @Nullable ServerError serverError;

    ConnectFailedException(
            Endpoint endpoint,
            @Nullable InetSocketAddress address,
            Phase phase,
            Reason reason,
            String what,
            @Nullable Throwable cause) {
        this(endpoint, address, phase, reason, what, cause, null);
    }

    ConnectFailedException(
            Endpoint endpoint,
            @Nullable InetSocketAddress address,
            Phase phase,
            Reason reason,
            String what,
            @Nullable Throwable cause,
            @Nullable ServerError serverError) {
        super("cannot connect to " + endpoint + at(endpoint, address) + ": " + what, cause);
        this.endpoint = endpoint;
        this.address = address;
        this.phase = phase;
        this.reason = reason;
        this.serverError = serverError;
    }

    /** The address in brackets, unless the host says it already. */
    private static String at(Endpoint endpoint, @Nullable InetSocketAddress address) {
        if (address == null || address.getAddress() == null) {
            return "";
        }
        String ip = address.getAddress().getHostAddress();
        return ip.equals(endpoint.host()) ? "" : " (" + ip + ")";
    }

    /** The server. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** The address of the server that was tried last; null before there was one, and with a proxy. */
    public @Nullable InetSocketAddress address() {
        return address;
    }

    /** How far the attempt got. */
    public Phase phase() {
        return phase;
    }

    /** Why it failed. */
    public Reason reason() {
        return reason;
    }

    /** What the server said, if it said {@code -ERR}. */
    public @Nullable ServerError serverError() {
        return serverError;
    }
}
