// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** R-D1, R-D2, R-D3, R-D4, with both servers. */
@NatsServerTest(config = RequestIT.CONFIG)
class RequestIT {
    static final String CONFIG = """
            authorization {
              timeout: 60
              users = [
                { user: joe, password: secret, permissions { publish { deny: ["secret.>"] } } }
                { user: sue, password: secret, permissions { subscribe { allow: ["sue.>", "echo"] } } }
              ]
            }
            """;

    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServer server;
    private final NatsServerVersion version;

    RequestIT(NatsServer server, NatsServerVersion version) {
        this.server = server;
        this.version = version;
    }

    private NatsConnection connect(UnaryOperator<OptionsBuilder> change) {
        return connect(server, "joe", change);
    }

    private static NatsConnection connect(NatsServer to, String user, UnaryOperator<OptionsBuilder> change) {
        return (NatsConnection) Nats.connect(change.apply(Patient.options()
                        .listener(event -> {})
                        .servers(to.url().replace("nats://", "nats://" + user + ":secret@")))
                .build());
    }

    private static Message get(CompletableFuture<Message> reply) throws Exception {
        return reply.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static void echo(Connection nc) {
        nc.subscribe("echo", message -> message.respond(message));
        nc.flush(LONG);
    }

    @Test
    void answers() throws Exception {
        for (boolean old : new boolean[] {false, true}) {
            try (NatsConnection responder = connect(options -> options);
                    NatsConnection nc = connect(options -> options.oldRequestStyle(old))) {
                echo(responder);
                assertThat(nc.request("echo", "text", LONG).text()).isEqualTo("text");
                assertThat(nc.request("echo", new byte[] {1, 2}, LONG).data()).containsExactly(1, 2);
                Message message = Message.to("echo").header("N", "1").data("x").build();
                Message reply = nc.request(message, LONG);
                assertThat(reply.headers().get("N")).isEqualTo("1");
                assertThat(get(nc.requestAsync(message, LONG)).headers().get("N"))
                        .isEqualTo("1");
                List<CompletableFuture<Message>> replies = new ArrayList<>();
                for (int i = 0; i < 5000; i++) {
                    replies.add(nc.requestAsync("echo", Integer.toString(i), LONG));
                }
                for (int i = 0; i < 5000; i++) {
                    assertThat(get(replies.get(i)).text()).isEqualTo(Integer.toString(i));
                }
                assertThat(nc.requests().pending()).isZero();
                assertThat(nc.statistics().lateReplies()).isZero();
            }
        }
    }

    @Test
    void nobodyResponds() throws Exception {
        try (NatsConnection nc = connect(options -> options)) {
            List<CompletableFuture<Message>> replies = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                replies.add(nc.requestAsync("nobody", "x", LONG));
            }
            for (CompletableFuture<Message> reply : replies) {
                assertThat(Waiting.failure(reply)).isInstanceOf(NoRespondersException.class);
            }
            assertThatExceptionOfType(NoRespondersException.class).isThrownBy(() -> nc.request("nobody", "x", LONG));
        }
    }

    @Test
    void nobodyAnswers() {
        try (NatsConnection nc = connect(options -> options)) {
            nc.subscribe("silent", message -> {});
            assertThatExceptionOfType(NatsTimeoutException.class)
                    .isThrownBy(() -> nc.request("silent", "x", Duration.ofMillis(100)));
            assertThat(Waiting.failure(nc.requestAsync("silent", "x", Duration.ofMillis(100))))
                    .isInstanceOf(NatsTimeoutException.class);
            assertThat(nc.requests().pending()).isZero();
        }
    }

    /** Later than it was waited for. */
    @Test
    void lateReplies() throws Exception {
        try (NatsConnection nc = connect(options -> options)) {
            Subscription slow = nc.subscribe("slow");
            CompletableFuture<Message> reply = nc.requestAsync("slow", "x", LONG);
            Message request = slow.next(LONG);
            reply.cancel(false);
            request.respond("late");
            nc.flush(LONG);
            assertThat(nc.statistics().lateReplies()).isOne();
        }
    }

    @Test
    void whatIsNotAllowedFailsAtOnce() throws Exception {
        try (NatsConnection nc = connect(options -> options)) {
            assertThatThrownBy(() -> nc.request("secret.plan", "x", LONG))
                    .isInstanceOf(ServerErrorException.class)
                    .hasMessageContaining("secret.plan");
        }
        try (NatsConnection sue = connect(server, "sue", options -> options)) {
            echo(sue);
            assertThatThrownBy(() -> sue.request("echo", "x", LONG))
                    .isInstanceOf(ServerErrorException.class)
                    .hasMessageContaining("_INBOX.");
            assertThatThrownBy(() -> sue.request("echo", "x", LONG)).isInstanceOf(ServerErrorException.class);
        }
        try (NatsConnection sue = connect(server, "sue", options -> options.inboxPrefix("sue.inbox"))) {
            echo(sue);
            assertThat(sue.request("echo", "x", LONG).subject()).startsWith("sue.inbox.");
        }
    }

    /** Those that the server was given fail, those that were made meanwhile are answered by the next one. */
    @Test
    void theServerIsLost() throws Exception {
        EventLog events = new EventLog();
        try (NatsServer own = NatsServer.builder().version(version).start();
                NatsConnection nc = connect(
                        own,
                        "any",
                        options -> options.listener(events)
                                .reconnect(Reconnect.builder()
                                        .wait(Duration.ofMillis(50))
                                        .build()))) {
            echo(nc);
            nc.subscribe("silent", message -> {});
            assertThat(nc.request("echo", "before", LONG).text()).isEqualTo("before");
            CompletableFuture<Message> written = nc.requestAsync("silent", "x", LONG);
            nc.flush(LONG);
            own.kill();
            assertThat(Waiting.failure(written)).isInstanceOf(DisconnectedException.class);
            events.await(ConnectionEvent.Disconnected.class);
            CompletableFuture<Message> queued = nc.requestAsync("echo", "queued", LONG);
            own.restart();
            assertThat(get(queued).text()).isEqualTo("queued");
            assertThat(nc.request("echo", "behind", LONG).text()).isEqualTo("behind");
        }
    }

    /** R-D3: as deep as one likes. */
    @Test
    void requestsInContinuations() throws Exception {
        try (NatsConnection nc = connect(options -> options)) {
            echo(nc);
            CompletableFuture<Message> chain = nc.requestAsync("echo", "0", LONG);
            for (int i = 1; i <= 20; i++) {
                String text = Integer.toString(i);
                chain = chain.thenApply(reply -> nc.request("echo", reply.text() + " " + text, LONG));
            }
            assertThat(get(chain).text()).startsWith("0 1 2 3").endsWith("19 20");
        }
    }
}
