// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.midge.client.Responses.End;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** R-D5, ADR-47: every way in which responses end, with a server of whatever kind. */
abstract class RequestManyScenarios {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    final RequestServer server;
    private final Supplier<RequestServer> others;

    /** @param others starts another server as this one, which can be lost */
    RequestManyScenarios(RequestServer server, Supplier<RequestServer> others) {
        this.server = server;
        this.others = others;
    }

    /** A connection with three responders, each of which answers with its number; and one that answers with a list. */
    private static NatsConnection connect(RequestServer to) {
        NatsConnection nc = to.connect("joe", options -> options);
        for (int i = 1; i <= 3; i++) {
            String number = Integer.toString(i);
            nc.subscribe("three", message -> message.respond(number));
        }
        nc.subscribe("list", message -> {
            message.respond("1");
            message.respond("2");
            message.respond("");
            message.respond("3");
        });
        nc.flush(LONG);
        return nc;
    }

    private static Responses ask(Connection nc, String subject, RequestManyOptions.Builder options) {
        return nc.requestMany(subject, new byte[0], options.build());
    }

    private static RequestManyOptions.Builder options() {
        return RequestManyOptions.builder().maxWait(LONG);
    }

    private static void assertEnded(NatsConnection nc, Responses responses, End end) throws Exception {
        assertThat(responses.ended().toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(end);
        assertThat(nc.requests().pending()).isZero();
    }

    @Test
    void ends() throws Exception {
        try (NatsConnection nc = connect(server)) {
            Responses three = ask(nc, "three", options().maxMessages(3));
            assertThat(three.toList()).extracting(Message::text).containsExactlyInAnyOrder("1", "2", "3");
            assertEnded(nc, three, End.MAX_MESSAGES);

            Responses stalled = ask(nc, "three", options().stall(SHORT));
            assertThat(stalled.toList()).isNotEmpty(); // a machine that stands still may stall it earlier
            assertEnded(nc, stalled, End.STALL);

            Responses timedOut = ask(nc, "three", options().maxWait(SHORT));
            timedOut.toList();
            assertEnded(nc, timedOut, End.MAX_WAIT);

            Responses standard = ask(nc, "list", options().standardSentinel());
            assertThat(standard.toList()).extracting(Message::text).containsExactly("1", "2");
            assertEnded(nc, standard, End.SENTINEL);

            Responses predicate = ask(
                    nc,
                    "list",
                    options().sentinel(message -> message.text().equals("2")).includeSentinel(true));
            assertThat(predicate.stream().map(Message::text)).containsExactly("1", "2");
            assertEnded(nc, predicate, End.SENTINEL);

            Responses none = ask(nc, "nobody", options());
            assertThatExceptionOfType(NoRespondersException.class).isThrownBy(none::toList);
            assertEnded(nc, none, End.NO_RESPONDERS);

            Responses closed = ask(nc, "three", options());
            for (Message message : closed) {
                assertThat(message.text()).isNotEmpty();
                closed.close();
            }
            assertEnded(nc, closed, End.CANCELLED);

            Responses denied = ask(nc, "secret.plan", options());
            assertThatExceptionOfType(ServerErrorException.class).isThrownBy(denied::toList);
            assertEnded(nc, denied, End.DENIED);
        }
    }

    /** A message with a status behind a response. */
    @Test
    void aStatus() throws Exception {
        try (NatsConnection nc = connect(server)) {
            nc.subscribe("forward", message -> {
                message.respond("1");
                // nobody is there: the server says so to the subscriptions of the connection that published this
                nc.publish(Message.to("nobody").replyTo(message.replyTo()).build());
            });
            nc.flush(LONG);
            Responses responses = ask(nc, "forward", options());
            assertThat(responses.toList()).extracting(Message::text).containsExactly("1");
            assertEnded(nc, responses, End.STATUS);
            assertThat(responses.status()).isNotNull();
        }
    }

    @Test
    void theServerIsLost() throws Exception {
        try (RequestServer own = others.get();
                NatsConnection nc = connect(own)) {
            CountDownLatch three = new CountDownLatch(3);
            Responses responses =
                    nc.requestMany(Message.to("three").build(), options().build(), message -> three.countDown());
            assertThat(three.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            own.kill().run();
            assertEnded(nc, responses, End.CONNECTION_LOST);
        }
    }

    /** As a publisher to one subscriber. */
    @Test
    void aPublisher() throws Exception {
        try (NatsConnection nc = connect(server)) {
            Responses responses = ask(nc, "three", options().maxMessages(3));
            Received received = new Received(Long.MAX_VALUE);
            responses.publisher().subscribe(received);
            assertThat(received.awaitEnd()).isNull();
            assertThat(received.texts()).containsExactlyInAnyOrderElementsOf(List.of("1", "2", "3"));
            assertEnded(nc, responses, End.MAX_MESSAGES);
        }
    }
}
