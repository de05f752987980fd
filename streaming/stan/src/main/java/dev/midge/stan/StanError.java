// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

/** What servers say when they refuse something. Source: server.go of nats-streaming-server 0.25.6. */
public enum StanError {
    /** The client id is in use: a client that answers heartbeats has it. */
    CLIENT_ID_IN_USE("clientID already registered"),
    /** The server has no client of this id; or its connection is another one. */
    UNKNOWN_CLIENT("unknown clientID"),
    /** The client was replaced by another of its id, or removed as it did not answer heartbeats. */
    CLIENT_NOT_REGISTERED("client has been replaced or is no longer registered"),
    /** The client id has characters that it must not have. */
    INVALID_CLIENT_ID("invalid clientID"),
    /** There is no client id in the request. */
    CLIENT_ID_MISSING("clientID missing"),
    /** The channel name is not allowed. */
    INVALID_SUBJECT("invalid subject"),
    /** The start position is not known. */
    INVALID_START("invalid start position"),
    /** The server has no such subscription. */
    INVALID_SUBSCRIPTION("invalid subscription"),
    /** The ack wait is under a second. */
    INVALID_ACK_WAIT("invalid ack wait time"),
    /** The number of messages in flight is under 1. */
    INVALID_MAX_IN_FLIGHT("invalid MaxInflight"),
    /** A connect request that cannot be read. */
    INVALID_CONNECT_REQUEST("invalid connection request"),
    /** A publish that cannot be read; also, one of a client that the server does not know any more. */
    INVALID_PUBLISH_REQUEST("invalid publish request"),
    /** A subscription request that cannot be read. */
    INVALID_SUBSCRIPTION_REQUEST("invalid subscription request"),
    /** An unsubscribe request that cannot be read. */
    INVALID_UNSUBSCRIBE_REQUEST("invalid unsubscribe request"),
    /** A close request that cannot be read. */
    INVALID_CLOSE_REQUEST("invalid close request"),
    /** The client has an active subscription of this durable name on the channel. */
    DUPLICATE_DURABLE("duplicate durable registration"),
    /** A durable name with {@code :} of a queue subscription. */
    INVALID_DURABLE_NAME("durable name of a durable queue subscriber"),
    /** There is no such channel. */
    UNKNOWN_CHANNEL("unknown channel"),
    /** The server is configured not to have this channel. */
    CHANNEL_NOT_CONFIGURED("no configured channel"),
    /** The channel is being deleted. */
    CHANNEL_BEING_DELETED("channel is being deleted"),
    /** The server has as many channels as it may have. */
    TOO_MANY_CHANNELS("too many channels"),
    /** The channel has as many subscriptions as it may have. */
    TOO_MANY_SUBSCRIPTIONS("too many subscriptions"),
    /** Anything else; {@link StanServerException#serverText()} has it. */
    OTHER("");

    private final String text;

    StanError(String text) {
        this.text = text;
    }

    /** The one whose text is held, the longest if there are several. */
    static StanError of(String serverText) {
        StanError longest = OTHER;
        for (StanError error : values()) {
            if (serverText.contains(error.text) && error.text.length() > longest.text.length()) {
                longest = error;
            }
        }
        return longest;
    }
}
