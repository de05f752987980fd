// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Message;
import dev.midge.client.NatsInterruptedException;
import dev.midge.client.NatsTimeoutException;
import dev.midge.stan.pb.ConnectRequest;
import dev.midge.stan.pb.PingResponse;
import dev.midge.stan.pb.StartPosition;
import dev.midge.stan.pb.SubscriptionRequest;
import dev.midge.stan.pb.SubscriptionResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connecting, pings, the loss of a session and the next one, in virtual time. */
class SessionTest {
    private static final String GONE = "client has been replaced or is no longer registered";

    private final FakeStan fake = new FakeStan();

    @AfterEach
    void end() {
        fake.close();
    }

    @Test
    void whatIsAskedFor() throws Exception {
        CompletableFuture<StanConnection> connecting = fake.start(options -> options.pings(Duration.ofSeconds(7), 3));
        ConnectRequest request = fake.answerConnect(response -> {});
        assertThat(request.getClientID()).isEqualTo("client");
        assertThat(request.getProtocol()).isEqualTo(1);
        assertThat(request.getConnID().length()).isEqualTo(22);
        assertThat(request.getPingInterval()).isEqualTo(7);
        assertThat(request.getPingMaxOut()).isEqualTo(3);
        assertThat(request.getHeartbeatInbox()).startsWith("_INBOX.");
        fake.close(Patience.get(connecting));
    }

    @Test
    void noAnswerToConnect() throws Exception {
        CompletableFuture<StanConnection> connecting = fake.start(options -> {});
        fake.connectAsked();
        fake.passes(Duration.ofMillis(1_900));
        assertThat(connecting).isNotDone();
        fake.passes(Duration.ofMillis(200));
        assertThatThrownBy(() -> Patience.get(connecting))
                .cause()
                .isInstanceOf(StanConnectTimeoutException.class)
                .hasMessage("cannot connect client client to cluster test-cluster within PT2S: no answer on"
                        + " _STAN.discover.test-cluster; is there a server of this cluster id, and is the NATS"
                        + " connection (CONNECTED) to where it is?");
    }

    /** The server, which has the client by then, is told to forget it. */
    @Test
    void whoConnectsIsInterrupted() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread connecting = new Thread(() -> {
            try {
                Stan.connect(fake.nc, "test-cluster", "client");
            } catch (NatsInterruptedException e) {
                failure.complete(e);
            }
        });
        connecting.start();
        Message asked = fake.connectAsked();
        connecting.interrupt();
        assertThat(Patience.get(failure)).hasMessageContaining("interrupted while waiting for the server");
        connecting.join();
        fake.answerConnect(asked, response -> {});
        assertThat(fake.saidGoodbye().getClientID()).isEqualTo("client");
    }

    @Test
    void anotherDiscoverPrefix() throws Exception {
        CompletableFuture<StanConnection> connecting = Stan.connectAsync(
                fake.nc,
                StanOptions.builder("test-cluster", "client")
                        .discoverPrefix("other.prefix")
                        .build());
        fake.barrier();
        fake.passes(Duration.ofSeconds(3));
        assertThatThrownBy(() -> Patience.get(connecting))
                .hasMessageContaining("nobody is subscribed to other.prefix.test-cluster");
    }

    @Test
    void whatIsNoStreamingServer() throws Exception {
        CompletableFuture<StanConnection> connecting = fake.start(options -> {});
        fake.answerConnect(response -> response.clear());
        assertThatThrownBy(() -> Patience.get(connecting))
                .cause()
                .isInstanceOf(StanException.class)
                .hasMessageContaining("names no subjects, so it is no NATS Streaming server");
        CompletableFuture<StanConnection> again = fake.start(options -> {});
        fake.connectAsked().respond("+OK what?");
        fake.barrier();
        assertThatThrownBy(() -> Patience.get(again))
                .hasMessageContaining("what answers on _STAN.discover.test-cluster is no NATS Streaming server");
    }

    @Test
    void pingsAreAnswered() throws Exception {
        StanConnection sc = fake.connect(options -> options.pings(Duration.ofSeconds(1), 2));
        for (int i = 0; i < 10; i++) {
            fake.passes(Duration.ofSeconds(1));
            fake.answerPing(new byte[0]);
        }
        assertThat(sc.isActive()).isTrue();
        assertThat(fake.events.isEmpty()).isTrue();
    }

    @Test
    void pingsAreNotAnswered() throws Exception {
        StanConnection sc = fake.connect(options -> options.pings(Duration.ofSeconds(1), 2));
        StanSubscription sub;
        CompletableFuture<StanSubscription> subscribing =
                sc.subscribeAsync("c", StanSubscribeOptions.DEFAULTS, new Inbox());
        fake.subscribed(1);
        sub = Patience.get(subscribing);
        CompletableFuture<String> outstanding = sc.publishAsync("c", "x");
        fake.passes(Duration.ofSeconds(1));
        fake.passes(Duration.ofSeconds(1));
        assertThat(sc.isActive()).isTrue();
        fake.passes(Duration.ofSeconds(1));
        assertThat(sc.isActive()).isFalse();
        assertThat(fake.events.next(StanEvent.SessionLost.class))
                .isEqualTo(
                        new StanEvent.SessionLost(StanEndReason.MAX_PINGS, "2 pings, one every PT1S, had no answer"));
        StanEvent.Closed closed = fake.events.next(StanEvent.Closed.class);
        assertThat(closed.reason()).isEqualTo(StanEndReason.MAX_PINGS);
        assertThat(closed.cause()).hasMessage("the session was lost: 2 pings, one every PT1S, had no answer");
        assertThatThrownBy(() -> Patience.get(outstanding))
                .hasMessageContaining("the session with the server was lost: 2 pings");
        assertThat(sub.isActive()).isFalse();
        sub.close(); // nothing to be done any more
        sc.close();
    }

    @Test
    void theServerKnowsTheClientNoMore() throws Exception {
        StanConnection sc = fake.connect(options -> options.pings(Duration.ofSeconds(1), 2));
        fake.passes(Duration.ofSeconds(1));
        fake.answerPing(PingResponse.newInstance().setError(GONE).toByteArray());
        assertThat(fake.events.next(StanEvent.SessionLost.class))
                .isEqualTo(new StanEvent.SessionLost(StanEndReason.REPLACED, "the server says \"" + GONE + "\""));
        assertThat(fake.events.next(StanEvent.Closed.class).reason()).isEqualTo(StanEndReason.REPLACED);
        assertThat(sc.isActive()).isFalse();
    }

    /** Servers from before there were pings. */
    @Test
    void anOldServerIsNotPinged() throws Exception {
        CompletableFuture<StanConnection> connecting = fake.start(options -> options.pings(Duration.ofSeconds(1), 2));
        fake.answerConnect(
                response -> response.setProtocol(0).clearPingRequests().clearSubCloseRequests());
        StanConnection sc = Patience.get(connecting);
        fake.passes(Duration.ofMinutes(1));
        assertThat(fake.wasPinged()).isFalse();
        CompletableFuture<StanSubscription> subscribing =
                sc.subscribeAsync("c", StanSubscribeOptions.DEFAULTS, new Inbox());
        fake.subscribed(1);
        StanSubscription sub = Patience.get(subscribing);
        assertThatThrownBy(() -> sub.close())
                .isInstanceOf(StanException.class)
                .hasMessage("cannot close the subscription to channel c: the server is too old for it");
    }

    /** As long as it takes, and with all subscriptions. */
    @Test
    void isEstablishedAgain() throws Exception {
        StanConnection sc = fake.connect(options -> options.pings(Duration.ofSeconds(1), 2)
                .onSessionLost(OnSessionLost.REESTABLISH)
                .reestablishWait(Duration.ofSeconds(4)));
        Inbox inbox = new Inbox();
        StanSubscribeOptions durable =
                StanSubscribeOptions.builder().durable("d").startAtSequence(5).build();
        CompletableFuture<StanSubscription> one = sc.subscribeAsync("c", durable, inbox);
        SubscriptionRequest before = fake.subscribed(1);
        CompletableFuture<StanSubscription> two = sc.subscribeAsync("d", durable, inbox);
        fake.subscribed(2);
        fake.send(before.getInbox(), FakeStan.message(1, "before").toByteArray());
        StanMessage early = inbox.next();

        fake.passes(Duration.ofSeconds(1));
        fake.answerPing(PingResponse.newInstance().setError(GONE).toByteArray());
        fake.events.next(StanEvent.SessionLost.class);
        assertThatThrownBy(() -> sc.publish("c", "x"))
                .isInstanceOf(StanClosedException.class)
                .hasMessageEndingWith("it was lost and is being established again");
        fake.refuseConnect("stan: clientID already registered");
        StanEvent.ReestablishFailed failed = fake.events.next(StanEvent.ReestablishFailed.class);
        assertThat(failed.attempt()).isEqualTo(1);
        assertThat(failed.cause()).isInstanceOf(StanServerException.class);
        fake.passes(Duration.ofSeconds(4));
        fake.answerConnect(response -> {});
        SubscriptionRequest again = fake.subscribed(3);
        assertThat(again.getDurableName()).isEqualTo("d");
        assertThat(again.getStartPosition()).isEqualTo(StartPosition.SequenceStart);
        assertThat(again.getStartSequence()).isEqualTo(5);
        assertThat(again.getInbox()).isNotEqualTo(before.getInbox());
        fake.subscribeAsked()
                .respond(SubscriptionResponse.newInstance()
                        .setError("stan: no configured channel")
                        .toByteArray());
        fake.barrier();
        StanEvent.SubscriptionLost lost = fake.events.next(StanEvent.SubscriptionLost.class);
        assertThat(lost.subscription()).isSameAs(Patience.get(two));
        assertThat(lost.cause())
                .hasMessage("cannot subscribe to channel d: the server says \"stan: no configured channel\"");
        assertThat(lost.subscription().isActive()).isFalse();
        assertThat(fake.events.next(StanEvent.Reestablished.class)).isEqualTo(new StanEvent.Reestablished(2));

        fake.send(
                before.getInbox(), FakeStan.message(2, "of the earlier session").toByteArray());
        fake.send(again.getInbox(), FakeStan.message(2, "now").toByteArray());
        assertThat(inbox.next().text()).isEqualTo("now");
        assertThat(early.isAcknowledged()).isTrue();
        assertThat(Patience.get(one).isActive()).isTrue();
        CompletableFuture<String> published = sc.publishAsync("c", "x");
        fake.ack(fake.published());
        assertThat(published).isCompleted();
        fake.close(sc);
    }

    /** Another client has the id, and keeps it. */
    @Test
    void isNotEstablishedAgain() throws Exception {
        StanConnection sc = fake.connect(options -> options.pings(Duration.ofSeconds(1), 2)
                .onSessionLost(OnSessionLost.REESTABLISH)
                .reestablishWait(Duration.ofSeconds(1)));
        fake.passes(Duration.ofSeconds(1));
        fake.answerPing(PingResponse.newInstance().setError(GONE).toByteArray());
        for (int i = 1; i <= 10; i++) {
            fake.refuseConnect("stan: clientID already registered");
            assertThat(fake.events.next(StanEvent.ReestablishFailed.class).attempt())
                    .isEqualTo(i);
            fake.passes(Duration.ofSeconds(1));
        }
        StanEvent.Closed closed = fake.events.next(StanEvent.Closed.class);
        assertThat(closed.reason()).isEqualTo(StanEndReason.REPLACED);
        assertThat(closed.cause()).isInstanceOf(StanServerException.class);
        assertThat(sc.isActive()).isFalse();
    }

    @Test
    void isClosedWhileItIsLost() throws Exception {
        StanConnection sc = fake.connect(
                options -> options.pings(Duration.ofSeconds(1), 2).onSessionLost(OnSessionLost.REESTABLISH));
        fake.passes(Duration.ofSeconds(1));
        fake.answerPing(PingResponse.newInstance().setError(GONE).toByteArray());
        Patience.get(sc.closeAsync());
        assertThat(fake.events.next(StanEvent.Closed.class))
                .isEqualTo(new StanEvent.Closed(StanEndReason.CLOSED_BY_USER, null));
        fake.answerConnect(response -> {}); // too late, so it is given back
        assertThat(fake.saidGoodbye().getClientID()).isEqualTo("client");
        fake.passes(Duration.ofMinutes(1));
        assertThat(fake.events.isEmpty()).isTrue();
    }

    /** The event says that the server could not be told. */
    @Test
    void aGoodbyeWithoutAnAnswer() throws Exception {
        StanConnection sc = fake.connect(options -> {});
        CompletableFuture<Void> closing = sc.closeAsync();
        fake.barrier();
        assertThat(closing).isNotDone();
        fake.passes(Duration.ofMillis(2_100));
        Patience.get(closing);
        StanEvent.Closed closed = fake.events.next(StanEvent.Closed.class);
        assertThat(closed.reason()).isEqualTo(StanEndReason.CLOSED_BY_USER);
        assertThat(closed.cause())
                .isInstanceOf(NatsTimeoutException.class)
                .hasMessage("cannot say goodbye to cluster test-cluster as client: no answer on close within PT2S");
    }
}
