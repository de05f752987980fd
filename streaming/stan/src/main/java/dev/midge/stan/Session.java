// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Subscription;
import dev.midge.stan.pb.ConnectResponse;

/** A client as the server has registered it, once. */
final class Session {
    private final byte[] connectionId;
    private final Subscription heartbeats;
    private final ConnectResponse subjects;

    Session(byte[] connectionId, Subscription heartbeats, ConnectResponse subjects) {
        this.connectionId = connectionId;
        this.heartbeats = heartbeats;
        this.subjects = subjects;
    }

    /** Which registration it is. */
    byte[] connectionId() {
        return connectionId;
    }

    /** What the server said: where to publish, to subscribe and so on. */
    ConnectResponse subjects() {
        return subjects;
    }

    /** The server's heartbeats are no longer answered: for it the client is gone then. */
    void abandon() {
        heartbeats.unsubscribe();
    }
}
