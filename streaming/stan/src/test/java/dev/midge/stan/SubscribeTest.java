// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.NatsTimeoutException;
import dev.midge.stan.pb.Ack;
import dev.midge.stan.pb.PingResponse;
import dev.midge.stan.pb.StartPosition;
import dev.midge.stan.pb.SubscriptionRequest;
import dev.midge.stan.pb.UnsubscribeRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a subscription asks for, and what it does with what comes. */
class SubscribeTest {
    private final FakeStan fake = new FakeStan();
    private final Inbox inbox = new Inbox();
    private StanConnection sc;

    @BeforeEach
    void connect() throws Exception {
        sc = fake.connect(options -> options.pings(Duration.ofSeconds(1), 2));
    }

    @AfterEach
    void end() {
        fake.close();
    }

    private SubscriptionRequest asked(StanSubscribeOptions.Builder how) throws Exception {
        CompletableFuture<StanSubscription> subscribing = sc.subscribeAsync("c", how.build(), inbox);
        SubscriptionRequest request = fake.subscribed(1);
        Patience.get(subscribing);
        return request;
    }

    private static StanSubscribeOptions.Builder how() {
        return StanSubscribeOptions.builder();
    }

    @Test
    void theDefaults() throws Exception {
        SubscriptionRequest request = asked(how());
        assertThat(request.getClientID()).isEqualTo("client");
        assertThat(request.getSubject()).isEqualTo("c");
        assertThat(request.getQGroup()).isEmpty();
        assertThat(request.getDurableName()).isEmpty();
        assertThat(request.getMaxInFlight()).isEqualTo(1024);
        assertThat(request.getAckWaitInSecs()).isEqualTo(30);
        assertThat(request.getStartPosition()).isEqualTo(StartPosition.NewOnly);
    }

    @Test
    void allOfIt() throws Exception {
        SubscriptionRequest request = asked(how().durable("d")
                .queue("q")
                .maxInFlight(3)
                .ackWait(Duration.ofMinutes(2))
                .startWithLastReceived());
        assertThat(request.getQGroup()).isEqualTo("q");
        assertThat(request.getDurableName()).isEqualTo("d");
        assertThat(request.getMaxInFlight()).isEqualTo(3);
        assertThat(request.getAckWaitInSecs()).isEqualTo(120);
        assertThat(request.getStartPosition()).isEqualTo(StartPosition.LastReceived);
        assertThat(asked(how().deliverAllAvailable()).getStartPosition()).isEqualTo(StartPosition.First);
        SubscriptionRequest delta = asked(how().startAtTimeDelta(Duration.ofSeconds(90)));
        assertThat(delta.getStartPosition()).isEqualTo(StartPosition.TimeDeltaStart);
        assertThat(delta.getStartTimeDelta()).isEqualTo(90_000_000_000L);
        SubscriptionRequest time = asked(how().startAtTime(Instant.now().minusSeconds(3600)));
        assertThat(time.getStartPosition()).isEqualTo(StartPosition.TimeDeltaStart);
        assertThat(time.getStartTimeDelta()).isBetween(3_599_000_000_000L, 3_900_000_000_000L);
    }

    @Test
    void acksWhatWasHandled() throws Exception {
        SubscriptionRequest request = asked(how());
        fake.send(request.getInbox(), FakeStan.message(7, "x").setReply("r").toByteArray());
        StanMessage message = inbox.next();
        assertThat(message.replyTo()).isEqualTo("r");
        assertThat(message.timestamp()).isEqualTo(Instant.parse("2023-11-14T22:13:20.123456789Z"));
        Ack ack = Ack.parseFrom(fake.acks.next(Patience.LONG).data());
        assertThat(ack.getSubject()).isEqualTo("c");
        assertThat(ack.getSequence()).isEqualTo(7);
    }

    @Test
    void checksTheChecksum() throws Exception {
        SubscriptionRequest request = asked(how());
        CRC32 crc = new CRC32();
        crc.update('x');
        fake.send(
                request.getInbox(),
                FakeStan.message(1, "x").setCRC32((int) crc.getValue()).toByteArray());
        assertThat(inbox.next().text()).isEqualTo("x");
        fake.send(
                request.getInbox(),
                FakeStan.message(2, "y").setCRC32((int) crc.getValue()).toByteArray());
        assertThat(fake.events.next(StanEvent.MessageDamaged.class).cause())
                .hasMessage("the CRC32 of message 2 is wrong");
        fake.send(request.getInbox(), new byte[] {(byte) 0xff, (byte) 0xff});
        StanEvent.MessageDamaged damaged = fake.events.next(StanEvent.MessageDamaged.class);
        assertThat(damaged.subscription().subject()).isEqualTo("c");
        fake.send(request.getInbox(), FakeStan.message(3, "z").toByteArray());
        assertThat(inbox.next().sequence()).isEqualTo(3);
        assertThat(Ack.parseFrom(fake.acks.next(Patience.LONG).data()).getSequence())
                .isEqualTo(1);
        assertThat(Ack.parseFrom(fake.acks.next(Patience.LONG).data()).getSequence())
                .as("nothing of what was damaged is acknowledged")
                .isEqualTo(3);
    }

    /** It may have come to the server, which is told to forget it. */
    @Test
    void noAnswer() throws Exception {
        CompletableFuture<StanSubscription> subscribing =
                sc.subscribeAsync("c", how().durable("d").build(), inbox);
        SubscriptionRequest request =
                SubscriptionRequest.parseFrom(fake.subscribeAsked().data());
        fake.time.advance(Duration.ofSeconds(1));
        fake.answerPing(new byte[0]);
        fake.time.advance(Duration.ofMillis(1200));
        UnsubscribeRequest told = fake.subClosed();
        assertThat(told.getInbox()).isEqualTo(request.getInbox());
        assertThat(told.getDurableName()).isEqualTo("d");
        assertThatThrownBy(() -> Patience.get(subscribing))
                .cause()
                .isInstanceOf(NatsTimeoutException.class)
                .hasMessage("cannot subscribe to channel c: no answer on sub within PT2S");
    }

    @Test
    void endsWithTheAckInbox() throws Exception {
        CompletableFuture<StanSubscription> subscribing =
                sc.subscribeAsync("c", how().durable("d").build(), inbox);
        SubscriptionRequest request = fake.subscribed(4);
        StanSubscription sub = Patience.get(subscribing);
        CompletableFuture<Void> leaving = sub.unsubscribeAsync();
        UnsubscribeRequest told = fake.unsubscribed();
        Patience.get(leaving);
        assertThat(told.getClientID()).isEqualTo("client");
        assertThat(told.getSubject()).isEqualTo("c");
        assertThat(told.getInbox()).isEqualTo("ack.4");
        assertThat(told.getDurableName()).isEqualTo("d");
        fake.send(request.getInbox(), FakeStan.message(1, "late").toByteArray());
        assertThat(inbox.waiting()).isZero();
    }

    @Test
    void anAckBehindTheEnd() throws Exception {
        CompletableFuture<StanSubscription> subscribing =
                sc.subscribeAsync("c", how().durable("d").manualAcks().build(), inbox);
        SubscriptionRequest request = fake.subscribed(1);
        StanSubscription sub = Patience.get(subscribing);
        fake.send(request.getInbox(), FakeStan.message(1, "x").toByteArray());
        fake.send(request.getInbox(), FakeStan.message(2, "y").toByteArray());
        StanMessage one = inbox.next();
        CompletableFuture<Void> closing = sub.closeAsync();
        fake.subClosed();
        Patience.get(closing);
        assertThatThrownBy(one::ack)
                .isInstanceOf(StanClosedException.class)
                .hasMessage("cannot ack message 1 of channel c, 1 bytes: the subscription has ended");
        assertThat(one.isAcknowledged()).isFalse();
    }

    /** A durable that was to be forgotten, when nobody can be told. */
    @Test
    void unsubscribesWithoutASession() throws Exception {
        StanConnection other = fake.connect(
                options -> options.pings(Duration.ofSeconds(1), 2).onSessionLost(OnSessionLost.REESTABLISH));
        CompletableFuture<StanSubscription> subscribing =
                other.subscribeAsync("c", how().durable("d").manualAcks().build(), inbox);
        SubscriptionRequest request = fake.subscribed(1);
        StanSubscription sub = Patience.get(subscribing);
        fake.send(request.getInbox(), FakeStan.message(1, "x").toByteArray());
        StanMessage message = inbox.next();
        fake.time.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 2; i++) { // both connections
            fake.answerPing(PingResponse.newInstance()
                    .setError("client has been replaced or is no longer registered")
                    .toByteArray());
        }
        assertThatThrownBy(message::ack)
                .hasMessage("cannot ack message 1 of channel c, 1 bytes: the session has ended");
        assertThatThrownBy(sub::unsubscribe)
                .isInstanceOf(StanClosedException.class)
                .hasMessageContaining("cannot unsubscribe from channel c as durable d, which the server remembers");
        assertThat(sub.isActive()).isFalse();
    }
}
