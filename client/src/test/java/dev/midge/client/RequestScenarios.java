// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** R-D1, R-D2, R-D3, R-D4, with a server of whatever kind. */
abstract class RequestScenarios {
    private static final Duration LONG = Duration.ofSeconds(30);

    final RequestServer server;
    private final Supplier<RequestServer> others;

    /** @param others starts another server as this one, which can be lost */
    RequestScenarios(RequestServer server, Supplier<RequestServer> others) {
        this.server = server;
        this.others = others;
    }

    private NatsConnection connect(UnaryOperator<OptionsBuilder> change) {
        return server.connect("joe", change);
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

    /** Those wait in another way than all others, as their pool may add a thread meanwhile. */
    @Test
    void answersThreadsOfAForkJoinPool() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try (NatsConnection responder = connect(options -> options);
                NatsConnection nc = connect(options -> options)) {
            echo(responder);
            assertThat(pool.submit(() -> nc.request("echo", "text", LONG).text())
                            .get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("text");
            assertThat(nc.requests().pending()).isZero();
        } finally {
            pool.shutdown();
            assertThat(pool.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
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

    /** In every form. */
    @Test
    void respond() throws Exception {
        try (NatsConnection nc = connect(options -> options)) {
            nc.subscribe("text", message -> message.respond("t"));
            nc.subscribe("bytes", message -> message.respond(new byte[] {7}));
            nc.subscribe(
                    "message",
                    message -> message.respond(Message.to("ignored")
                            .replyTo("on.and.on")
                            .header("N", "1")
                            .data("m")
                            .build()));
            assertThat(nc.request("text", "", LONG).text()).isEqualTo("t");
            assertThat(nc.request("bytes", "", LONG).data()).containsExactly(7);
            Message reply = nc.request("message", "", LONG);
            assertThat(reply.text()).isEqualTo("m");
            assertThat(reply.headers().get("N")).isEqualTo("1");
            assertThat(reply.replyTo()).isEqualTo("on.and.on");
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
        try (NatsConnection sue = server.connect("sue", options -> options)) {
            echo(sue);
            assertThatThrownBy(() -> sue.request("echo", "x", LONG))
                    .isInstanceOf(ServerErrorException.class)
                    .hasMessageContaining("_INBOX.");
            assertThatThrownBy(() -> sue.request("echo", "x", LONG)).isInstanceOf(ServerErrorException.class);
        }
        try (NatsConnection sue = server.connect("sue", options -> options.inboxPrefix("sue.inbox"))) {
            echo(sue);
            assertThat(sue.request("echo", "x", LONG).subject()).startsWith("sue.inbox.");
        }
    }

    /** Those that the server was given fail, those that were made meanwhile are answered by the next one. */
    @Test
    void theServerIsLost() throws Exception {
        EventLog events = new EventLog();
        try (RequestServer own = others.get();
                NatsConnection nc = own.connect(
                        "joe",
                        options -> options.listener(events)
                                .reconnect(Reconnect.builder()
                                        .wait(Duration.ofMillis(50))
                                        .build()))) {
            echo(nc);
            nc.subscribe("silent", message -> {});
            assertThat(nc.request("echo", "before", LONG).text()).isEqualTo("before");
            CompletableFuture<Message> written = nc.requestAsync("silent", "x", LONG);
            nc.flush(LONG);
            own.kill().run();
            assertThat(Waiting.failure(written)).isInstanceOf(DisconnectedException.class);
            events.await(ConnectionEvent.Disconnected.class);
            CompletableFuture<Message> queued = nc.requestAsync("echo", "queued", LONG);
            own.restart().run();
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
