// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static dev.midge.micro.Asking.LONG;
import static dev.midge.micro.Asking.ask;
import static dev.midge.micro.Asking.askJson;
import static dev.midge.micro.Asking.await;
import static dev.midge.micro.Asking.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionClosedException;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Reconnect;
import dev.midge.client.Subscription;
import dev.midge.protocol.NatsException;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedServerTest;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** R-F14: how services end. */
@EmbeddedServerTest
class StopTest extends ServiceCase {
    StopTest(EmbeddedServer server) {
        super(server);
    }

    private Service start() {
        return Service.builder("demo", "1.0.0").onError(error -> {}).start(nc);
    }

    private boolean isDone(Service service) {
        return service.stopped().toCompletableFuture().isDone();
    }

    @Test
    void answersWhatItHasAccepted() throws Exception {
        WorkersLeave.run(server.url());
    }

    /** Also those of asynchronous handlers; and it is to be discovered till then. */
    @Test
    void waitsForAsynchronousHandlers() throws Exception {
        BlockingQueue<CompletableFuture<Void>> stages = new LinkedBlockingQueue<>();
        Service service = start();
        service.addEndpoint("do", RequestHandler.async(request -> {
            CompletableFuture<Void> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage.thenRun(() -> request.respond("late"));
        }));
        nc.flush(LONG);
        try (Subscription inbox = requester.subscribe("inbox")) {
            for (int i = 0; i < 2; i++) {
                requester.publish(Message.to("do").replyTo("inbox").build());
            }
            eventually(() -> "two requests, not " + stages, () -> stages.size() == 2);
            service.stop();
            service.stop();
            nc.flush(LONG);
            assertThat(ask(requester, "do", "too late").headers().status()).isNotNull(); // nobody listens
            stages.take().complete(null);
            inbox.next(LONG);
            assertThat(askJson(requester, "$SRV.PING.demo")).containsEntry("id", service.id());
            assertThat(isDone(service)).isFalse();
            stages.take().complete(null);
            inbox.next(LONG);
            await(service.stopped());
        }
        assertThat(ask(requester, "$SRV.PING.demo", "").headers().status()).isNotNull();
        assertThat(service.stats().endpoints().get(0).numRequests()).isEqualTo(2);
        nc.flush(LONG); // which lives on
    }

    @Test
    void saysWhatWasNotAnsweredInTime() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CompletableFuture<Void> never = new CompletableFuture<>();
        Service service = Service.builder("demo", "1.0.0")
                .drainTimeout(Duration.ofMillis(50))
                .start(nc);
        service.addEndpoint("do", RequestHandler.async(request -> {
            entered.countDown();
            return never;
        }));
        nc.flush(LONG);
        requester.publish("do", "x");
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        service.stop();
        assertThatThrownBy(() -> await(service.stopped()))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isExactlyInstanceOf(NatsException.class)
                // it counts twice if its thread has not come back yet
                .message()
                .startsWith(service.toString())
                .matches(".* was stopped, but [12] requests were not handled within PT0\\.05S");
        assertThat(service).hasToString("Service demo 1.0.0 (" + service.id() + ")");
        never.complete(null);
    }

    @Test
    void inItsOwnHandler() throws Exception {
        Service service = start();
        service.addEndpoint("stop", request -> {
            service.stop();
            request.respond("bye");
        });
        nc.flush(LONG);
        assertThat(ask(requester, "stop", "x").text()).isEqualTo("bye");
        await(service.stopped());
    }

    @Test
    void withoutEndpointsAndTwice() throws Exception {
        Service service = start();
        service.stop();
        service.stop();
        await(service.stopped());
        service.stop();
        assertThatThrownBy(() -> service.addEndpoint("late", request -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot add endpoint late: " + service + " is being stopped, or has been");
    }

    @Test
    void withTheConnectionThatIsClosed() throws Exception {
        Service service = start();
        service.addEndpoint("do", request -> {});
        nc.close();
        await(service.stopped());
        assertThatThrownBy(() -> service.addEndpoint("late", request -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Service.builder("demo", "1.0.0").start(nc))
                .isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void withTheConnectionThatIsDrained() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Service service = start();
        service.addEndpoint("do", request -> {
            entered.countDown();
            assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
            request.respond("answered");
        });
        nc.flush(LONG);
        try (Subscription inbox = requester.subscribe("inbox")) {
            requester.publish(Message.to("do").replyTo("inbox").build());
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<?> drained = nc.drainAsync(LONG);
            go.countDown();
            assertThat(inbox.next(LONG).text()).isEqualTo("answered");
            await(drained);
        }
        await(service.stopped());
    }

    @Test
    void withTheConnectionThatIsLostForGood() throws Exception {
        try (EmbeddedServer own = EmbeddedServer.start();
                Connection only = Nats.connect(Asking.patient()
                        .servers(own.url())
                        .reconnect(Reconnect.never())
                        .listener(event -> {})
                        .build())) {
            Service service = Service.builder("demo", "1.0.0").start(only);
            service.addEndpoint("do", request -> {});
            only.flush(LONG);
            own.stop();
            assertThatThrownBy(() -> await(service.stopped()))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .hasMessageContaining(only.server());
        }
    }

    /** An asynchronous handler is not waited for when nobody can get its answer. */
    @Test
    void withTheConnectionThatIsClosedWhileItStops() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CompletableFuture<Void> never = new CompletableFuture<>();
        Service service = start();
        service.addEndpoint("do", RequestHandler.async(request -> {
            entered.countDown();
            return never;
        }));
        nc.flush(LONG);
        requester.publish("do", "x");
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        service.stop();
        nc.close();
        await(service.stopped());
        never.complete(null);
    }

    @Test
    void othersLiveOn() throws Exception {
        Service first = start();
        Service second = start();
        second.addEndpoint("do", request -> request.respond("second"));
        nc.flush(LONG);
        first.stop();
        await(first.stopped());
        assertThat(ask(requester, "do", "x").text()).isEqualTo("second");
        assertThat(askJson(requester, "$SRV.PING.demo")).containsEntry("id", second.id());
        assertThat(isDone(second)).isFalse();
    }
}
