// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.ServerError.Operation;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** R-B8: what the server does not allow is told by typed events, and ends the subscription that is meant. */
@NatsServerTest(config = PermissionsIT.CONFIG)
class PermissionsIT {
    static final String CONFIG = """
            authorization {
              timeout: 60
              users = [{
                user: joe, password: secret
                permissions {
                  publish { deny: ["secret.>"] }
                  subscribe { deny: ["secret.>", "jobs w2"] }
                }
              }]
            }
            """;

    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServer server;
    private final NatsServerVersion version;
    private final EventLog events = new EventLog();

    PermissionsIT(NatsServer server, NatsServerVersion version) {
        this.server = server;
        this.version = version;
    }

    @Test
    void deniedPublish() {
        try (Connection nc = connect(server)) {
            nc.publish("secret.plan", "x");
            ConnectionEvent.PermissionDenied denied = events.await(ConnectionEvent.PermissionDenied.class);
            assertThat(denied.error().operation()).isEqualTo(Operation.PUBLISH);
            assertThat(denied.error().subject()).isEqualTo("secret.plan");
            assertThat(denied.subscription()).isNull();
            assertWorks(nc);
        }
    }

    /** Of reply-to subjects the server refuses those that are reserved for itself. */
    @Test
    void deniedReplyTo() {
        try (Connection nc = connect(server)) {
            nc.publish(Message.to("open").replyTo("_R_.reserved.x").build());
            ConnectionEvent.PermissionDenied denied = events.await(ConnectionEvent.PermissionDenied.class);
            assertThat(denied.error().operation()).isEqualTo(Operation.REPLY_TO);
            assertThat(denied.error().subject()).isEqualTo("_R_.reserved.x");
            assertWorks(nc);
        }
    }

    @Test
    void deniedSubscription() {
        try (Connection nc = connect(server)) {
            Subscription allowed = nc.subscribe("open.>");
            Subscription sub = nc.subscribe("secret.>");
            ConnectionEvent.PermissionDenied denied = events.await(ConnectionEvent.PermissionDenied.class);
            assertThat(denied.error().operation()).isEqualTo(Operation.SUBSCRIBE);
            assertThat(denied.error().subject()).isEqualTo("secret.>");
            assertThat(denied.error().queue()).isNull();
            assertThat(denied.subscription()).isSameAs(sub);
            assertThat(sub.isActive()).isFalse();
            assertThatThrownBy(() -> sub.next(LONG))
                    .isInstanceOf(SubscriptionClosedException.class)
                    .hasCauseInstanceOf(ServerErrorException.class)
                    .cause()
                    .hasMessageContaining("secret.>");
            assertThat(allowed.isActive()).isTrue();
            assertWorks(nc);
        }
    }

    /** Among several of the same subject that in the queue group ends which the server names. */
    @Test
    void deniedQueueGroup() {
        try (Connection nc = connect(server)) {
            Subscription plain = nc.subscribe("jobs");
            Subscription allowed = nc.subscribe("jobs", queue("w1"));
            Subscription sub = nc.subscribe("jobs", queue("w2"));
            ConnectionEvent.PermissionDenied denied = events.await(ConnectionEvent.PermissionDenied.class);
            assertThat(denied.error().subject()).isEqualTo("jobs");
            assertThat(denied.error().queue()).isEqualTo("w2");
            assertThat(denied.subscription()).isSameAs(sub);
            assertThat(sub.isActive()).isFalse();
            nc.publish("jobs", "one");
            assertThat(plain.next(LONG).text()).isEqualTo("one");
            assertThat(allowed.next(LONG).text()).isEqualTo("one");
        }
    }

    /** The publisher, and those who wait, learn of the end too. */
    @Test
    void whoeverWaitsForMessagesLearnsOfIt() {
        try (Connection nc = connect(server)) {
            Subscription sub = nc.subscribe("secret.iterated");
            assertThat(sub.stream()).isEmpty();
            assertThat(sub.isActive()).isFalse();
            assertWorks(nc);
        }
    }

    /** The server names the subscription by its sid then. */
    @Test
    void permissionWithdrawnByReload() {
        try (NatsServer own =
                        NatsServer.builder().version(version).config(CONFIG).start();
                Connection nc = connect(own)) {
            Subscription before = nc.subscribe("open");
            Subscription sub = nc.subscribe("open");
            Subscription queue = nc.subscribe("open", queue("q"));
            Subscription other = nc.subscribe("other");
            nc.publish("open", "for all three");
            assertThat(before.next(LONG).text()).isEqualTo("for all three");
            assertThat(sub.next(LONG).text()).isEqualTo("for all three");
            nc.flush(LONG);

            own.reload(CONFIG.replace("\"jobs w2\"", "\"open\""));

            boolean namesQueue = version.isAtLeast(NatsServerVersion.V2_15_2);
            Eventually.isTrue(() -> "three denied among " + events.all(), () -> denied().size() == 3);
            assertThat(denied()).allSatisfy(denied -> {
                Subscription withdrawn = Objects.requireNonNull(denied.subscription());
                assertThat(denied.error().operation()).isEqualTo(Operation.SUBSCRIBE);
                assertThat(denied.error().subject()).isEqualTo("open");
                assertThat(denied.error().sid()).isEqualTo(withdrawn.sid());
                assertThat(denied.error().queue()).isEqualTo(namesQueue ? withdrawn.queue() : null);
            });
            assertThat(denied())
                    .extracting(ConnectionEvent.PermissionDenied::subscription)
                    .containsExactlyInAnyOrder(before, sub, queue);
            assertThat(queue.isActive()).isFalse();
            assertThat(queue.next(LONG).text()).isEqualTo("for all three");
            assertThatThrownBy(() -> queue.next(LONG))
                    .isInstanceOf(SubscriptionClosedException.class)
                    .hasCauseInstanceOf(ServerErrorException.class);
            nc.publish("other", "goes on");
            assertThat(other.next(LONG).text()).isEqualTo("goes on");
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CONNECTED);
        }
    }

    /** What was allowed before is refused when the connection subscribes again, by a server that is back with other rules. */
    @Test
    void permissionWithdrawnWhileTheServerWasAway() throws Exception {
        try (NatsServer own =
                        NatsServer.builder().version(version).config(CONFIG).start();
                Connection nc = connect(own)) {
            Subscription sub = nc.subscribe("open");
            Subscription other = nc.subscribe("other");
            nc.publish("open", "one");
            assertThat(sub.next(LONG).text()).isEqualTo("one");

            own.stop();
            events.await(ConnectionEvent.Disconnected.class);
            assertThat(sub.isActive()).isTrue();
            Files.writeString(own.directory().resolve("server.conf"), CONFIG.replace("\"jobs w2\"", "\"open\""));
            own.restart();

            assertThat(events.await(ConnectionEvent.PermissionDenied.class).subscription())
                    .isSameAs(sub);
            assertThatThrownBy(() -> sub.next(LONG))
                    .isInstanceOf(SubscriptionClosedException.class)
                    .hasCauseInstanceOf(ServerErrorException.class);
            nc.publish("other", "goes on");
            assertThat(other.next(LONG).text()).isEqualTo("goes on");

            own.reload(CONFIG);
            Subscription again = nc.subscribe("open");
            nc.publish("open", "two");
            assertThat(again.next(LONG).text()).isEqualTo("two");
            assertThat(denied()).hasSize(1);
        }
    }

    private List<ConnectionEvent.PermissionDenied> denied() {
        return events.all(ConnectionEvent.PermissionDenied.class);
    }

    private Connection connect(NatsServer to) {
        return Nats.connect(Patient.options()
                .servers("nats://joe:secret@127.0.0.1:" + to.port())
                .listener(events)
                .build());
    }

    private static SubscribeOptions queue(String group) {
        return SubscribeOptions.builder().queue(group).build();
    }

    private static void assertWorks(Connection nc) {
        Subscription sub = nc.subscribe("open.works");
        nc.publish("open.works", "yes");
        assertThat(sub.next(LONG).text()).isEqualTo("yes");
    }
}
