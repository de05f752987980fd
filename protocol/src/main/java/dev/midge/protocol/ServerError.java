// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a server complains about with {@code -ERR}. A text that this version of Midge does not know is kept as an
 * {@link Unknown}: it may have no more to say than the text, but never ends a connection by itself.
 *
 * <p>Source: errors.go and client.go of nats-server 2.15.2.
 */
public sealed interface ServerError {
    /** What the server wrote, without the quotes around it. */
    String text();

    /** Whether the server closes the connection after it said this. */
    boolean closesConnection();

    /** Whether the server refuses or withdraws what the client authenticates with: the same would be refused again. */
    boolean isAuthError();

    /**
     * Reads the text of a {@code -ERR} line, with or without its quotes, in any case. Never throws: whatever is not
     * understood is {@link Unknown}.
     */
    static ServerError parse(String text) {
        return ServerErrorText.parse(text);
    }

    /** What the client may not do. */
    enum Operation {
        /** To subscribe to the subject. */
        SUBSCRIBE,
        /** To publish to the subject. */
        PUBLISH,
        /** To publish with the subject as reply-to. */
        REPLY_TO
    }

    /**
     * The client may not do that with this subject. The connection stays; a subscription that is meant has ended.
     *
     * @param text what the server wrote
     * @param operation what the client may not do
     * @param subject with which subject
     * @param queue the queue group of the subscription, null without one
     * @param sid the id of the subscription when it had been granted and was then withdrawn, else 0
     */
    record PermissionsViolation(
            String text,
            Operation operation,
            String subject,
            @Nullable String queue,
            long sid) implements ServerError {
        @Override
        public boolean closesConnection() {
            return false;
        }

        @Override
        public boolean isAuthError() {
            return false;
        }
    }

    /**
     * One of the texts without parameters.
     *
     * @param text what the server wrote
     * @param kind which it is
     */
    record Known(String text, Kind kind) implements ServerError {
        @Override
        public boolean closesConnection() {
            return kind.closesConnection;
        }

        @Override
        public boolean isAuthError() {
            return kind.authError;
        }
    }

    /**
     * Any other text.
     *
     * @param text what the server wrote
     */
    record Unknown(String text) implements ServerError {
        @Override
        public boolean closesConnection() {
            return false;
        }

        @Override
        public boolean isAuthError() {
            return false;
        }
    }

    /** The texts without parameters, each by how it starts. */
    enum Kind {
        /** The subject of a subscription is none; the connection stays. */
        INVALID_SUBJECT("invalid subject", false, false),
        /** The subject of a message is none, told to pedantic clients only; the connection stays. */
        INVALID_PUBLISH_SUBJECT("invalid publish subject", false, false),
        /** The account or the user may not have more subscriptions; the connection stays. */
        MAXIMUM_SUBSCRIPTIONS_EXCEEDED("maximum subscriptions exceeded", false, false),
        /** The credentials are wrong, or none were given. */
        AUTHORIZATION_VIOLATION("authorization violation", true, true),
        /** The user's JWT has expired. */
        USER_AUTHENTICATION_EXPIRED("user authentication expired", true, true),
        /** The user's JWT was revoked. */
        USER_AUTHENTICATION_REVOKED("user authentication revoked", true, true),
        /** The account's JWT has expired. */
        ACCOUNT_AUTHENTICATION_EXPIRED("account authentication expired", true, true),
        /** CONNECT did not come in time: says nothing about the credentials. */
        AUTHENTICATION_TIMEOUT("authentication timeout", true, false),
        /** A message was larger than INFO's max_payload. */
        MAXIMUM_PAYLOAD_VIOLATION("maximum payload violation", true, false),
        /** A control line was longer than the server's max_control_line, 4096 bytes by default. */
        MAXIMUM_CONTROL_LINE_EXCEEDED("maximum control line exceeded", true, false),
        /** The server could not read a frame. */
        UNKNOWN_PROTOCOL_OPERATION("unknown protocol operation", true, false),
        /** The client did not answer the server's PINGs. */
        STALE_CONNECTION("stale connection", true, false),
        /** The server has as many connections as it may. */
        MAXIMUM_CONNECTIONS_EXCEEDED("maximum connections exceeded", true, false),
        /** The account has as many connections as it may. */
        MAXIMUM_ACCOUNT_CONNECTIONS_EXCEEDED("maximum account active connections exceeded", true, false),
        /** Too many clients connect at the moment. */
        CONNECTION_THROTTLING("connection throttling is active", true, false),
        /** The server speaks TLS only. */
        TLS_REQUIRED("secure connection - tls required", true, false),
        /** CONNECT asks for a protocol version that the server has not. */
        INVALID_CLIENT_PROTOCOL("invalid client protocol", true, false),
        /** CONNECT asks for no_responders without headers. */
        NO_RESPONDERS_REQUIRES_HEADERS("no responders requires headers support", true, false),
        /** The server could not make the account that CONNECT asks for. */
        FAILED_ACCOUNT_REGISTRATION("failed account registration", true, false),
        /** The port is one for routes, gateways or leaf nodes. */
        WRONG_PORT("attempted to connect to", true, false),
        /** The client reads too slowly. */
        SLOW_CONSUMER("slow consumer", true, false);

        /** In lower case. */
        final String start;

        final boolean closesConnection;
        final boolean authError;

        Kind(String start, boolean closesConnection, boolean authError) {
            this.start = start;
            this.closesConnection = closesConnection;
            this.authError = authError;
        }
    }
}
