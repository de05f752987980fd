// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.ServerError;
import dev.midge.protocol.Status;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedServerTest;
import dev.midge.testkit.EmbeddedUser;
import dev.midge.transport.AuthenticationException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R-F11: what users test, on a server inside the JVM: the whole client through the whole server. */
@EmbeddedServerTest
class EmbeddedServerClientTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** The example of docs/embedded-server.md. */
    @Test
    void answers(EmbeddedServer server) {
        try (Connection nc = Patient.connect(server.url())) {
            nc.subscribe("greet.*", msg -> msg.respond("hello " + msg.text()));
            Subscription answers = nc.subscribe("answers");
            nc.publish(Message.to("greet.joe").replyTo("answers").data("joe").build());
            assertThat(answers.next(LONG).text()).isEqualTo("hello joe");
        }
    }

    @Test
    void headersWildcardsAndLimits(EmbeddedServer server) {
        try (Connection from = Patient.connect(server.url());
                Connection to = Patient.connect(server.url())) {
            Subscription all = to.subscribe("news.>");
            Subscription few = to.subscribe("news.*");
            few.unsubscribeAfter(2);
            to.flush(LONG);
            for (int i = 0; i < 3; i++) {
                from.publish(Message.to("news.today")
                        .header("Number", "" + i)
                        .data("rain")
                        .build());
            }
            for (int i = 0; i < 3; i++) {
                Message message = all.next(LONG);
                assertThat(message.headers().get("Number")).isEqualTo("" + i);
                assertThat(message.text()).isEqualTo("rain");
            }
            few.next(LONG);
            few.next(LONG);
            assertThatThrownBy(() -> few.next(LONG)).isInstanceOf(SubscriptionClosedException.class);
            assertThat(server.subscriptions()).isOne();
        }
    }

    @Test
    @Timeout(180) // leak detection makes a record at each access to a buffer
    void aMillionMessagesArriveInOrder(EmbeddedServer server) throws Exception {
        int count = 1_000_000;
        AtomicInteger next = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(1);
        try (Connection from = Patient.connect(server.url());
                Connection to = Patient.connect(server.url())) {
            to.direct().subscribe("numbers", view -> {
                if (view.payload().getInt(view.payload().readerIndex()) != next.getAndIncrement()) {
                    wrong.incrementAndGet();
                }
                if (next.get() == count) {
                    all.countDown();
                }
            });
            to.flush(LONG);
            byte[] payload = new byte[128];
            for (int i = 0; i < count; i++) {
                payload[0] = (byte) (i >>> 24);
                payload[1] = (byte) (i >>> 16);
                payload[2] = (byte) (i >>> 8);
                payload[3] = (byte) i;
                from.publish("numbers", payload);
                int behind = i - 200_000; // or a reader that stands still has more coming than the server keeps
                if (i % 10_000 == 0 && next.get() < behind) {
                    Eventually.isTrue("the reader to catch up", () -> next.get() >= behind);
                }
            }
            Eventually.isDown(all, "all messages");
            assertThat(wrong).hasValue(0);
        }
    }

    @Test
    void nobodyListens(EmbeddedServer server) {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription answers = nc.subscribe("answers");
            nc.publish(Message.to("$JS.API.INFO").replyTo("answers").build());
            Message answer = answers.next(LONG);
            assertThat(answer.headers().status()).extracting(Status::code).isEqualTo(Status.NO_RESPONDERS);
            assertThat(answer.headers().get("Nats-Subject")).isEqualTo("$JS.API.INFO");
            assertThat(nc.serverInfo().jetstream()).isFalse();
        }
    }

    @Test
    void credentialsAndPermissions() {
        EventLog events = new EventLog();
        try (EmbeddedServer server = EmbeddedServer.builder()
                .user(EmbeddedUser.of("joe", "p").denySubscribe("secret.>").denyPublish("closed"))
                .start()) {
            String url = server.url().replace("nats://", "nats://joe:p@");
            try (Connection nc =
                    Nats.connect(Patient.options().servers(url).listener(events).build())) {
                Subscription sub = nc.subscribe("secret.>");
                assertThat(events.await(ConnectionEvent.PermissionDenied.class).subscription())
                        .isSameAs(sub);
                nc.publish("closed", "x");
                events.await(
                        ConnectionEvent.PermissionDenied.class,
                        event -> event.error().subject().equals("closed"));
                nc.flush(LONG);
            }
            assertThatThrownBy(() -> Patient.connect(server.url()))
                    .isInstanceOfSatisfying(
                            NoServersException.class,
                            e -> assertThat(e.failures()).hasOnlyElementsOfType(AuthenticationException.class));
        }
    }

    @Test
    void lameDuckAndTheEnd(EmbeddedServer server) {
        EventLog events = new EventLog();
        try (Connection nc = Nats.connect(Patient.options()
                .reconnect(Reconnect.never())
                .servers(server.url())
                .listener(events)
                .build())) {
            nc.flush(LONG);
            server.connectUrls(List.of("127.0.0.1:1"));
            Eventually.isTrue(
                    "the news of another server",
                    () -> nc.serverInfo().connectUrls().equals(List.of("127.0.0.1:1")));
            server.lameDuck();
            events.await(ConnectionEvent.LameDuck.class);
            server.stop();
            assertThat(events.await(ConnectionEvent.Closed.class).reason()).isEqualTo(EndReason.CONNECTION_LOST);
        }
    }

    @Test
    void clientTooManyIsToldSo() {
        EventLog events = new EventLog();
        try (EmbeddedServer server = EmbeddedServer.builder().maxConnections(1).start();
                Connection nc = Nats.connect(
                        Patient.options().servers(server.url()).listener(events).build())) {
            nc.flush(LONG);
            assertThatThrownBy(() -> Patient.connect(server.url()))
                    .isInstanceOfSatisfying(
                            NoServersException.class,
                            e -> assertThat(e)
                                    .hasMessageContaining(ServerError.parse("maximum connections exceeded")
                                            .text()));
        }
    }
}
