// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static dev.midge.micro.Asking.LONG;
import static dev.midge.micro.Asking.ask;
import static dev.midge.micro.Asking.error;
import static dev.midge.micro.Asking.failed;
import static dev.midge.micro.Asking.handled;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.OptionsBuilder;
import dev.midge.client.Subscription;
import dev.midge.protocol.SubjectValidation;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedUser;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R-F14: whatever goes wrong with a request is answered, counted and told, and the next one is handled. */
class ServiceErrorsTest {
    private final EmbeddedServer server = EmbeddedServer.builder()
            .maxPayload(1024)
            .authTimeout(LONG)
            .user("all", "p")
            .user(EmbeddedUser.of("some", "p").denyPublish("secret.>").denySubscribe("hidden"))
            .start();
    private final BlockingQueue<ConnectionEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<ServiceError> errors = new LinkedBlockingQueue<>();
    private final Connection nc = connect("some", Asking.patient().listener(events::add));
    private final Connection requester = connect("all", Asking.patient());
    private final Service service =
            Service.builder("demo", "1.0.0").onError(errors::add).start(nc);

    private Connection connect(String user, OptionsBuilder options) {
        return Nats.connect(options.servers(server.url().replace("://", "://" + user + ":p@"))
                .build());
    }

    @AfterEach
    void close() {
        nc.close();
        requester.close();
        server.close();
    }

    private void add(RequestHandler handler) {
        service.addEndpoint("do", handler);
        nc.flush(LONG);
    }

    private ServiceError told() throws InterruptedException {
        ServiceError error = errors.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(error).isNotNull();
        assertThat(error.service()).isSameAs(service);
        return error;
    }

    /** Counted once, and still at work. */
    private void countedOnce(String lastError) throws Exception {
        EndpointStats stats = handled(service, 1);
        assertThat(stats.numErrors()).isOne();
        assertThat(stats.lastError()).isEqualTo(lastError);
        assertThat(errors).isEmpty();
        ask(requester, "do", "next");
        assertThat(handled(service, 2).numRequests()).isEqualTo(2);
    }

    @Test
    void anErrorHasBothHeaders() throws Exception {
        add(request -> request.error(400, "not numbers", "see above".getBytes(UTF_8)));
        Message answer = ask(requester, "do", "x");
        assertThat(answer.headers().all("Nats-Service-Error")).containsExactly("not numbers");
        assertThat(answer.headers().all("Nats-Service-Error-Code")).containsExactly("400");
        assertThat(answer.text()).isEqualTo("see above");
        countedOnce("400:not numbers");
    }

    @Test
    void anErrorNeedsCodeAndDescription() throws Exception {
        BlockingQueue<Object> refused = new LinkedBlockingQueue<>();
        add(request -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> request.error(0, "zero"))
                    .withMessage("error code is 0: must be above 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> request.error(400, " "))
                    .withMessage("error description \" \": must not be empty (ADR-32)");
            assertThatIllegalArgumentException().isThrownBy(() -> request.error(400, "two\nlines"));
            refused.add("all");
            request.respond("ok");
        });
        assertThat(ask(requester, "do", "x").text()).isEqualTo("ok");
        assertThat(refused).hasSize(1);
        assertThat(handled(service, 1).numErrors()).isZero();
    }

    @Test
    void whatAHandlerThrowsIs500() throws Exception {
        RuntimeException failure = new IllegalStateException("handler error");
        add(request -> {
            throw failure;
        });
        assertThat(error(ask(requester, "do", "x"))).isEqualTo("500:handler error");
        ServiceError told = told();
        assertThat(told.cause()).isSameAs(failure);
        assertThat(told.endpoint()).extracting(EndpointInfo::name).isEqualTo("do");
        assertThat(told.request()).extracting(Request::text).isEqualTo("x");
        countedOnce("500:handler error");
    }

    @Test
    void alsoAnErrorWithATextThatIsNoHeader() throws Exception {
        add(request -> {
            throw new AssertionError("two\r\nlines \ud800");
        });
        assertThat(error(ask(requester, "do", "x"))).isEqualTo("500:two  lines ?");
        told();
        countedOnce("500:two  lines ?");
    }

    @Test
    void alsoWithoutAText() throws Exception {
        add(request -> {
            throw new InterruptedException();
        });
        assertThat(error(ask(requester, "do", "x"))).isEqualTo("500:InterruptedException was thrown");
        told();
        countedOnce("500:InterruptedException was thrown");
    }

    @Test
    void alsoWithTooMuchText() throws Exception {
        add(request -> {
            throw new IllegalStateException("y".repeat(100_000));
        });
        assertThat(error(ask(requester, "do", "x"))).isEqualTo("500:" + "y".repeat(512));
        told();
        countedOnce("500:" + "y".repeat(512));
    }

    @Test
    void whatFailsLaterIs500() throws Exception {
        CompletableFuture<Void> later = new CompletableFuture<>();
        add(RequestHandler.async(request -> later.thenApply(nothing -> null)));
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> error(ask(requester, "do", "x")));
        IllegalStateException failure = new IllegalStateException("later");
        later.completeExceptionally(failure);
        assertThat(answer.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo("500:later");
        assertThat(told().cause()).isSameAs(failure).isNotInstanceOf(CompletionException.class);
        assertThat(handled(service, 1).lastError()).isEqualTo("500:later");
    }

    @Test
    void whatAnAsynchronousHandlerThrowsIs500() throws Exception {
        add(RequestHandler.async(request -> {
            throw new IllegalStateException("at once");
        }));
        assertThat(error(ask(requester, "do", "x"))).isEqualTo("500:at once");
        told();
        countedOnce("500:at once");
    }

    @Test
    void theErrorOfAHandlerThatThrowsBehindItCountsOnce() throws Exception {
        add(request -> {
            request.error(400, "first");
            throw new IllegalStateException("second");
        });
        try (Subscription inbox = requester.subscribe("inbox")) {
            requester.publish(Message.to("do").replyTo("inbox").build());
            assertThat(error(inbox.next(LONG))).isEqualTo("400:first");
            assertThat(error(inbox.next(LONG))).isEqualTo("500:second");
        }
        told();
        countedOnce("500:second");
    }

    /** Who answers when the handler has returned may fail too. */
    @Test
    void anErrorBehindTheHandlerCounts() throws Exception {
        BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
        add(requests::add);
        requester.publish("do", "x");
        Request request = requests.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        assertThat(handled(service, 1).numErrors()).isZero();
        request.error(404, "gone");
        EndpointStats stats = service.stats().endpoints().get(0);
        assertThat(stats.lastError()).isEqualTo("404:gone");
        assertThat(stats.numErrors()).isOne();
        assertThat(stats.numRequests()).isOne();
    }

    @Test
    void anAnswerThatIsTooLargeIs500() throws Exception {
        add(request -> {
            request.respond(new byte[request.text().equals("x") ? 1025 : 1]);
            request.headers();
        });
        String reason = "headers and payload are 1025 bytes, the server's max_payload is 1024";
        assertThat(error(ask(requester, "do", "x"))).startsWith("500:").endsWith(reason);
        assertThat(told().cause()).hasMessageEndingWith(reason);
        EndpointStats stats = handled(service, 1);
        assertThat(stats.numErrors()).isOne();
        assertThat(stats.lastError()).endsWith(reason);
        assertThat(ask(requester, "do", "y").size()).isOne();
    }

    @Test
    void anAnswerWithHeadersThatIsTooLargeIs500() throws Exception {
        add(request -> request.respond(
                Message.to("x").header("Large", "z".repeat(1100)).data("x").build()));
        assertThat(error(ask(requester, "do", "x"))).startsWith("500:").contains("max_payload is 1024");
        told();
    }

    @Test
    void anInfoThatIsTooLargeIs500() throws Exception {
        for (int i = 0; i < 20; i++) {
            service.addEndpoint("endpoint-number-" + i, request -> {});
        }
        nc.flush(LONG);
        assertThat(error(ask(requester, "$SRV.INFO.demo", ""))).contains("max_payload is 1024");
        ServiceError told = told();
        assertThat(told.endpoint()).isNull();
        assertThat(told.request()).isNull();
    }

    /** A server that is lax lets pass what a client that is strict does not publish to. */
    @Test
    void aReplySubjectThatIsInvalid() throws Exception {
        Connection strict = connect("all", Asking.patient().subjectValidation(SubjectValidation.STRICT));
        try (strict) {
            BlockingQueue<String> after = new LinkedBlockingQueue<>();
            Service careful =
                    Service.builder("demo", "1.0.0").onError(errors::add).start(strict);
            careful.addEndpoint("careful", request -> {
                request.respond("x");
                after.add("goes on");
            });
            strict.flush(LONG);
            requester.publish(Message.to("careful").replyTo("ä").build());
            assertThat(after.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo("goes on");
            EndpointStats stats = handled(careful, 1);
            assertThat(stats.numErrors()).isOne();
            assertThat(stats.lastError()).startsWith("500:subject").contains("U+00E4");
            assertThat(errors.poll(LONG.toSeconds(), TimeUnit.SECONDS).cause())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aReplySubjectThatIsNotPermitted() throws Exception {
        BlockingQueue<String> after = new LinkedBlockingQueue<>();
        add(request -> {
            request.respond("x");
            after.add("goes on");
        });
        requester.publish(Message.to("do").replyTo("secret.place").build());
        assertThat(after.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo("goes on");
        EndpointStats stats = failed(service, 1);
        assertThat(stats.lastError()).isEqualTo("Permissions Violation for Publish to \"secret.place\"");
        assertThat(stats.numErrors()).isOne();
        assertThat(events)
                .filteredOn(ConnectionEvent.PermissionDenied.class::isInstance)
                .hasSize(1);
        assertThat(ask(requester, "do", "y").text()).isEqualTo("x");
    }

    @Test
    void anEndpointThatIsNotPermitted() throws Exception {
        service.addEndpoint("hidden", request -> {});
        assertThat(failed(service, 1).lastError()).contains("Permissions Violation for Subscription to \"hidden\"");
        service.addEndpoint("shown", request -> request.respond("ok"));
        nc.flush(LONG);
        assertThat(ask(requester, "shown", "x").text()).isEqualTo("ok");
    }

    @Test
    void aRequestWithoutReplyIsHandled() throws Exception {
        add(request -> {
            assertThat(request.replyTo()).isNull();
            request.respond("x");
            request.respond(Message.to("x").build());
        });
        requester.publish("do", "x");
        assertThat(handled(service, 1).numErrors()).isZero();
        assertThat(errors).isEmpty();
    }

    @Test
    void anErrorWithoutReplyCounts() throws Exception {
        add(request -> request.error(400, "no"));
        requester.publish("do", "x");
        assertThat(handled(service, 1).lastError()).isEqualTo("400:no");
        assertThat(errors).isEmpty();
    }

    @Test
    void aListenerThatThrowsStopsNothing() throws Exception {
        Service other = Service.builder("other", "1.0.0")
                .onError(error -> {
                    throw new IllegalStateException("the listener");
                })
                .start(nc);
        other.addEndpoint("o", request -> {
            throw new IllegalStateException("the handler");
        });
        nc.flush(LONG);
        for (String data : List.of("1", "2")) {
            assertThat(error(ask(requester, "o", data))).isEqualTo("500:the handler");
        }
        assertThat(handled(other, 2).numErrors()).isEqualTo(2);
    }
}
