// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionClosedException;
import dev.midge.client.Message;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.Subscription;
import dev.midge.testkit.EmbeddedServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Acknowledgements byte by byte, and what the reply-to subject says, in both of its forms (ADR-15). */
class JetStreamMessageTest {
    private static final String REPLY = "$JS.ACK.S.C.2.345.67.1700000000123456789.8";
    private static final Duration LONG = Patience.LONG;

    private final EmbeddedServer server = EmbeddedServer.start();
    private Connection nc;
    private Subscription acks;

    @BeforeEach
    void connect() {
        nc = Patience.connect(server.url());
        acks = nc.subscribe("$JS.ACK.>");
    }

    @AfterEach
    void close() {
        nc.close();
        server.close();
    }

    private JetStreamMessage message(@Nullable String replyTo) {
        return JetStreamMessage.of(
                nc, Message.to("a.b").replyTo(replyTo).data("x").build());
    }

    private String sent(Consumer<JetStreamMessage> how) {
        how.accept(message(REPLY));
        Message ack = acks.next(LONG);
        assertThat(ack.subject()).isEqualTo(REPLY);
        return ack.text();
    }

    @Test
    void bytes() {
        assertThat(sent(JetStreamMessage::ack)).isEqualTo("+ACK");
        assertThat(sent(JetStreamMessage::nak)).isEqualTo("-NAK");
        assertThat(sent(message -> message.nak(Duration.ZERO))).isEqualTo("-NAK");
        assertThat(sent(message -> message.nak(Duration.ofMillis(1500)))).isEqualTo("-NAK {\"delay\":1500000000}");
        assertThat(sent(JetStreamMessage::inProgress)).isEqualTo("+WPI");
        assertThat(sent(JetStreamMessage::term)).isEqualTo("+TERM");
        assertThat(sent(message -> message.term("not a number"))).isEqualTo("+TERM not a number");
    }

    /** A received one is acknowledged with the bytes of its reply-to, whatever these are. */
    @Test
    void received() throws Exception {
        try (Script script = new Script()) {
            Subscription deliveries = script.nc.subscribe("a.b");
            script.peer.expect("SUB a.b 1\r\n");
            AckSender sender =
                    AckSender.of(new Api(script.nc, JetStreamOptions.builder().build()));
            for (String reply : List.of(REPLY, "$JS.ACK.S.žluť.2.345.67.1700000000123456789.8")) {
                script.peer.send("MSG a.b 1 " + reply + " 1\r\nx\r\n");
                JetStreamMessage message = sender.message(deliveries.next(LONG));
                message.inProgress();
                message.ack();
                script.peer.expect("PUB " + reply + " 4\r\n+WPI\r\n").expect("PUB " + reply + " 4\r\n+ACK\r\n");
                assertThat(message.message().replyTo()).isEqualTo(reply);
                assertThatThrownBy(message::nak).hasMessageContaining("it has been acked already");
            }
            for (String foreign : List.of("$JS.ACK", "$JS.ACKS.x", "_INBOX.$JS.ACK.x")) {
                script.peer.send("MSG a.b 1 " + foreign + " 1\r\nx\r\n");
                JetStreamMessage message = sender.message(deliveries.next(LONG));
                assertThat(message.isJetStream()).isFalse();
                assertThatThrownBy(message::ack).hasMessageContaining("as its reply-to is " + foreign + " and not");
            }
            script.peer.send("MSG a.b 1 " + REPLY + " 1\r\nx\r\n");
            JetStreamMessage last = sender.message(deliveries.next(LONG));
            script.nc.close();
            assertThatThrownBy(last::ack).isInstanceOf(ConnectionClosedException.class);
            assertThat(last.isAcknowledged()).isFalse();
        }
    }

    @Test
    void confirmed() {
        nc.subscribe("$JS.ACK.>", message -> {
            if (message.replyTo() != null) {
                message.respond("");
            }
        });
        nc.flush(LONG);
        JetStreamMessage message = message(REPLY);
        message.ackSync(LONG);
        assertThat(message.isAcknowledged()).isTrue();
        assertThat(acks.next(LONG).text()).isEqualTo("+ACK");
        assertThat(message(REPLY).ackAsync(LONG)).succeedsWithin(LONG);
    }

    @Test
    void notConfirmed() {
        JetStreamMessage message = message(REPLY);
        assertThatThrownBy(() -> message.ackSync(Duration.ofMillis(20))).isInstanceOf(NatsTimeoutException.class);
        assertThat(message.isAcknowledged()).isFalse();
        assertThat(message.ackAsync(Duration.ofMillis(20)))
                .failsWithin(LONG)
                .withThrowableThat()
                .withCauseInstanceOf(NatsTimeoutException.class);
        message.ack(); // once more is allowed
    }

    @Test
    void onlyOnce() {
        JetStreamMessage acked = message(REPLY);
        acked.inProgress();
        acked.inProgress();
        acked.ack();
        for (Consumer<JetStreamMessage> again : all()) {
            assertThatThrownBy(() -> again.accept(acked))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(" the message to a.b: it has been acked already");
        }
        JetStreamMessage naked = message(REPLY);
        naked.nak();
        assertThatThrownBy(naked::ack).hasMessage("cannot ack the message to a.b: it has been naked already");
        JetStreamMessage terminated = message(REPLY);
        terminated.term();
        assertThatThrownBy(terminated::nak).hasMessage("cannot nak the message to a.b: it has been terminated already");
        assertThatThrownBy(terminated::inProgress)
                .hasMessage("cannot report progress of the message to a.b: it has been terminated already");
    }

    private static List<Consumer<JetStreamMessage>> all() {
        return List.of(
                JetStreamMessage::ack,
                message -> message.ackSync(LONG),
                message -> message.ackAsync(LONG).join(),
                JetStreamMessage::nak,
                message -> message.nak(LONG),
                JetStreamMessage::inProgress,
                JetStreamMessage::term,
                message -> message.term("why"));
    }

    @Test
    void notFromJetStream() {
        for (Consumer<JetStreamMessage> ack : all()) {
            assertThatThrownBy(() -> ack.accept(message(null)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith(" the message to a.b: it did not come from JetStream, as it has no reply-to");
            assertThatThrownBy(() -> ack.accept(message("_INBOX.x")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("as its reply-to is _INBOX.x and not $JS.ACK....");
        }
        assertThat(message(null).isJetStream()).isFalse();
    }

    @Test
    void whatIsNotSentIsNotAcknowledged() {
        JetStreamMessage message = message(REPLY);
        nc.close();
        assertThatThrownBy(message::ack).isInstanceOf(ConnectionClosedException.class);
        assertThat(message.isAcknowledged()).isFalse();
        assertThatThrownBy(() -> message.ackSync(LONG)).isInstanceOf(ConnectionClosedException.class);
        assertThatThrownBy(message::ack).isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void badInput() {
        JetStreamMessage message = message(REPLY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> message.nak(Duration.ofMillis(-1)))
                .withMessage("delay is PT-0.001S: must not be negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> message.term(" "))
                .withMessage("reason is \" \": must not be blank");
        message.ack();
    }

    @Test
    void shortForm() {
        assertThat(message(REPLY).metadata())
                .isEqualTo(new MessageMetadata(
                        null, "S", "C", 2, 345, 67, Instant.ofEpochSecond(1_700_000_000, 123_456_789), 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".random", ".random.more"})
    void longForm(String rest) {
        Instant time = Instant.ofEpochSecond(1_700_000_000, 123_456_789);
        assertThat(message("$JS.ACK.hub.HASH.S.C.2.345.67.1700000000123456789.8" + rest)
                        .metadata())
                .isEqualTo(new MessageMetadata("hub", "S", "C", 2, 345, 67, time, 8));
        assertThat(message("$JS.ACK._.HASH.S.C.2.345.67.1700000000123456789.8" + rest)
                        .metadata())
                .isEqualTo(new MessageMetadata(null, "S", "C", 2, 345, 67, time, 8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$JS.ACK.",
                "$JS.ACK.S.C.1.2.3.4",
                "$JS.ACK.S.C.1.2.3.4.5.6",
                "$JS.ACK.S.C.x.2.3.4.5",
                "$JS.ACK.S.C.1.2.3..5",
                "$JS.ACK.S.C.1.2.3.4.99999999999999999999",
                "JS.ACK.S.C.1.2.3.4.5"
            })
    void noMetadata(String reply) {
        assertThatThrownBy(() -> message(reply).metadata())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot get the metadata of the message to a.b: it did not come from JetStream");
    }
}
