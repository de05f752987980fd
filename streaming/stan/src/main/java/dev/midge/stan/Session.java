// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Subscription;
import dev.midge.stan.pb.CloseRequest;
import dev.midge.stan.pb.CloseResponse;
import dev.midge.stan.pb.ConnectResponse;
import java.util.concurrent.CompletableFuture;

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

    /** Has the server forget the client, and its heartbeats are no longer answered. The future completes on the event loop. */
    CompletableFuture<Boolean> sayGoodbye(NatsSide nats) {
        StanOptions options = nats.options();
        String what = "cannot say goodbye to cluster " + options.clusterId() + " as " + options.clientId();
        byte[] request =
                CloseRequest.newInstance().setClientID(options.clientId()).toByteArray();
        Ask.Reader<Boolean> reader = reply -> {
            Ask.check(what, CloseResponse.parseFrom(reply).getError());
            return true;
        };
        CompletableFuture<Boolean> said = new CompletableFuture<>();
        var unused = nats.ask(what, subjects.getCloseRequests(), request, reader)
                .whenComplete((done, failure) -> nats.onLoop(() -> {
                    abandon();
                    Waiting.settle(said, done, failure);
                }));
        return said;
    }

    /** The server's heartbeats are no longer answered: for it the client is gone then. */
    void abandon() {
        heartbeats.unsubscribe();
    }
}
