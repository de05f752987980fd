// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Subscription;
import dev.midge.stan.pb.CloseRequest;
import dev.midge.stan.pb.ConnectRequest;
import dev.midge.stan.pb.ConnectResponse;
import dev.midge.stan.pb.MsgProto;
import dev.midge.stan.pb.PubAck;
import dev.midge.stan.pb.PubMsg;
import dev.midge.stan.pb.SubscriptionRequest;
import dev.midge.stan.pb.SubscriptionResponse;
import dev.midge.stan.pb.UnsubscribeRequest;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.VirtualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A streaming server in the hands of the test, on an embedded NATS server, and a connection to it in virtual time. */
final class FakeStan implements AutoCloseable {
    private static final byte[] OK = {};

    final VirtualTime time = new VirtualTime();
    final Events events = new Events();
    final Connection nc;

    private final EmbeddedServer server =
            EmbeddedServer.builder().version("2.9.24").start();
    private final Connection responder = Patience.connect(server.url());
    private final Subscription connects = responder.subscribe("_STAN.discover.test-cluster");
    private final Subscription publishes = responder.subscribe("pub.>");
    private final Subscription subscribes = responder.subscribe("sub");
    private final Subscription unsubscribes = responder.subscribe("unsub");
    private final Subscription subCloses = responder.subscribe("subclose");
    private final Subscription closes = responder.subscribe("close");
    private final Subscription pings = responder.subscribe("ping");
    final Subscription acks = responder.subscribe("ack.*");

    FakeStan() {
        responder.flush(Patience.LONG);
        nc = Nats.connect(Patience.options(server.url())
                .connectTimeout(Duration.ofDays(1)) // of virtual time
                .closeTimeout(Duration.ofDays(1))
                .pingInterval(Duration.ZERO)
                .eventLoops(time.eventLoops())
                .executor(Runnable::run) // so that all has been done when time has passed
                .build());
    }

    /** Connects a client with these options. */
    StanConnection connect(Consumer<StanOptions.Builder> change) throws Exception {
        CompletableFuture<StanConnection> connecting = start(change);
        answerConnect(response -> {});
        return Patience.get(connecting);
    }

    CompletableFuture<StanConnection> start(Consumer<StanOptions.Builder> change) {
        StanOptions.Builder options =
                StanOptions.builder("test-cluster", "client").listener(events);
        change.accept(options);
        return Stan.connectAsync(nc, options.build());
    }

    /** Takes a connect request and answers it; with everything that a server says, unless changed. */
    ConnectRequest answerConnect(Consumer<ConnectResponse> change) throws Exception {
        return answerConnect(connects.next(Patience.LONG), change);
    }

    ConnectRequest answerConnect(Message asked, Consumer<ConnectResponse> change) throws Exception {
        ConnectRequest request = ConnectRequest.parseFrom(asked.data());
        ConnectResponse response = ConnectResponse.newInstance()
                .setPubPrefix("pub")
                .setSubRequests("sub")
                .setUnsubRequests("unsub")
                .setSubCloseRequests("subclose")
                .setCloseRequests("close")
                .setPingRequests("ping")
                .setPingInterval(request.getPingInterval())
                .setPingMaxOut(request.getPingMaxOut())
                .setProtocol(1);
        change.accept(response);
        asked.respond(response.toByteArray());
        barrier();
        return request;
    }

    void refuseConnect(String error) throws Exception {
        connects.next(Patience.LONG)
                .respond(ConnectResponse.newInstance().setError(error).toByteArray());
        barrier();
    }

    Message connectAsked() {
        return connects.next(Patience.LONG);
    }

    /** A publish as it came. */
    record Published(String guid, String ackInbox, PubMsg message) {}

    Published published() throws Exception {
        Message message = publishes.next(Patience.LONG);
        PubMsg read = PubMsg.parseFrom(message.data());
        return new Published(read.getGuid(), String.valueOf(message.replyTo()), read);
    }

    void ack(Published to, String guid, String error) throws Exception {
        send(to.ackInbox, PubAck.newInstance().setGuid(guid).setError(error).toByteArray());
    }

    void ack(Published to) throws Exception {
        ack(to, to.guid, "");
    }

    /** Sends a message to the client, which has read it when this returns. */
    void send(String subject, byte[] data) throws Exception {
        responder.publish(subject, data);
        barrier();
    }

    /** Takes a subscription request, and accepts it with acks on {@code ack.<number>}. */
    SubscriptionRequest subscribed(int number) throws Exception {
        Message asked = subscribes.next(Patience.LONG);
        asked.respond(
                SubscriptionResponse.newInstance().setAckInbox("ack." + number).toByteArray());
        barrier();
        return SubscriptionRequest.parseFrom(asked.data());
    }

    Message subscribeAsked() {
        return subscribes.next(Patience.LONG);
    }

    /** Takes an unsubscribe request, and grants it. */
    UnsubscribeRequest unsubscribed() throws Exception {
        return granted(unsubscribes);
    }

    UnsubscribeRequest subClosed() throws Exception {
        return granted(subCloses);
    }

    private UnsubscribeRequest granted(Subscription requests) throws Exception {
        Message asked = requests.next(Patience.LONG);
        asked.respond(OK);
        barrier();
        return UnsubscribeRequest.parseFrom(asked.data());
    }

    static MsgProto message(long sequence, String text) {
        return MsgProto.newInstance()
                .setSequence(sequence)
                .setSubject("c")
                .setTimestamp(1_700_000_000_123_456_789L)
                .setData(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    Message ping() {
        return pings.next(Patience.LONG);
    }

    /** Takes a ping, and answers it. */
    void answerPing(byte[] answer) throws Exception {
        ping().respond(answer);
        barrier();
    }

    /** Whether a ping, or anything else, waits that was sent by now. */
    boolean wasPinged() throws Exception {
        barrier();
        return pings.pendingMessages() > 0;
    }

    void stopTakingPublishes() {
        publishes.unsubscribe();
        responder.flush(Patience.LONG);
    }

    /** Closes a streaming connection, and answers its goodbye. */
    void close(StanConnection sc) throws Exception {
        CompletableFuture<Void> closing = sc.closeAsync();
        CloseRequest unused = saidGoodbye();
        Patience.get(closing);
    }

    /** Takes a goodbye, and answers it. */
    CloseRequest saidGoodbye() throws Exception {
        Message asked = closes.next(Patience.LONG);
        asked.respond(OK);
        return CloseRequest.parseFrom(asked.data());
    }

    /** Returns when the client has read all that was sent to it, the server all that it sent, and what comes of it is done. */
    void barrier() throws Exception {
        responder.flush(Patience.LONG);
        for (int i = 0; i < 2; i++) {
            nc.flush(Patience.LONG);
            time.settle();
        }
        responder.flush(Patience.LONG);
    }

    void passes(Duration by) throws Exception {
        time.advance(by);
        barrier();
    }

    @Override
    public void close() {
        nc.close();
        time.close();
        responder.close();
        server.close();
    }
}
