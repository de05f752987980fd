// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsStreamingServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishing to a real server, also to one that stands still while NATS does not. */
class PublishIT {
    private NatsServer nats;
    private NatsStreamingServer server;
    private Connection nc;

    @BeforeEach
    void start() {
        nats = NatsServer.start();
        server = NatsStreamingServer.builder().natsServer(nats.url()).start();
        nc = Patience.connect(nats.url());
    }

    @AfterEach
    void stop() {
        if (nc != null) {
            nc.close();
        }
        if (server != null) {
            server.close();
        }
        if (nats != null) {
            nats.close();
        }
    }

    private StanConnection connect(UnaryOperator<StanOptions.Builder> change) {
        return Stan.connect(nc, change.apply(Patience.stan("publisher")).build());
    }

    private static void outcomeUnknown(ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .cause()
                .isInstanceOfSatisfying(
                        StanPublishException.class,
                        e -> assertThat(e.isOutcomeUnknown()).isTrue())
                .hasMessageContaining(why);
    }

    /** What was acknowledged is in the channel when publish has returned. */
    @Test
    void returnsWhenTheServerHasIt() throws Exception {
        try (StanConnection sc = connect(options -> options)) {
            Set<String> guids = new HashSet<>();
            for (int i = 1; i <= 3; i++) {
                guids.add(sc.publish("c", "m" + i));
                Inbox inbox = new Inbox();
                sc.subscribe(
                        "c",
                        StanSubscribeOptions.builder().startWithLastReceived().build(),
                        inbox);
                assertThat(inbox.next().text()).isEqualTo("m" + i);
            }
            assertThat(guids).hasSize(3);
        }
    }

    @Test
    void acksCompleteTheFuturesWithTheirGuids() throws Exception {
        try (StanConnection sc = connect(options -> options)) {
            List<CompletableFuture<String>> futures = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                futures.add(sc.publishAsync("c", "m" + i));
            }
            Set<String> guids = new HashSet<>();
            for (CompletableFuture<String> future : futures) {
                guids.add(Patience.get(future));
            }
            assertThat(guids).hasSize(500);
            assertThat(sc.pendingAcks()).isZero();
        }
    }

    @Test
    void noAckInTime() {
        try (StanConnection sc = connect(options -> options.ackTimeout(Duration.ofMillis(300)))) {
            server.freeze(true);
            outcomeUnknown(() -> Patience.get(sc.publishAsync("c", "x")), "no ack came within PT0.3S");
            assertThatThrownBy(() -> sc.publish("c", "y"))
                    .isInstanceOf(StanPublishException.class)
                    .hasMessageContaining("no ack came within PT0.3S");
            assertThat(sc.pendingAcks()).isZero();
            server.freeze(false);
        }
    }

    @Test
    void aFullWindowFails() throws Exception {
        try (StanConnection sc =
                connect(options -> options.maxPubAcksInFlight(3).publishOverflow(PublishOverflow.FAIL))) {
            server.freeze(true);
            List<CompletableFuture<String>> sent = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sent.add(sc.publishAsync("c", "m" + i));
            }
            assertThatThrownBy(() -> sc.publish("c", "one too many"))
                    .isInstanceOf(StanWindowFullException.class)
                    .hasMessageContaining("3 acks are outstanding");
            server.freeze(false);
            for (CompletableFuture<String> each : sent) {
                assertThat(Patience.get(each)).isNotEmpty();
            }
            assertThat(sc.publish("c", "there is room again")).isNotEmpty();
        }
    }

    @Test
    void aFullWindowIsWaitedFor() throws Exception {
        try (StanConnection sc = connect(options -> options.maxPubAcksInFlight(3))) {
            server.freeze(true);
            AtomicInteger given = new AtomicInteger();
            List<CompletableFuture<String>> futures = new ArrayList<>();
            Thread publisher = new Thread(() -> {
                for (int i = 0; i < 10; i++) {
                    futures.add(sc.publishAsync("c", "m" + i));
                    given.incrementAndGet();
                }
            });
            publisher.start();
            Patience.until(
                    "the wait for an ack",
                    () -> given.get() == 3 && publisher.getState() == Thread.State.TIMED_WAITING);
            assertThat(sc.pendingAcks()).isEqualTo(3);
            server.freeze(false);
            publisher.join();
            for (CompletableFuture<String> each : futures) {
                assertThat(Patience.get(each)).isNotEmpty();
            }
            Inbox inbox = new Inbox();
            sc.subscribe(
                    "c", StanSubscribeOptions.builder().deliverAllAvailable().build(), inbox);
            assertThat(inbox.texts(10)).containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9");
        }
    }

    @Test
    void closingSettlesWhatIsOutstanding() throws Exception {
        StanConnection sc = connect(options -> options);
        server.freeze(true);
        CompletableFuture<String> async = sc.publishAsync("c", "x");
        CompletableFuture<String> sync = CompletableFuture.supplyAsync(() -> sc.publish("c", "y"));
        Patience.until("both of them", () -> sc.pendingAcks() == 2);
        CompletableFuture<Void> closing = sc.closeAsync();
        outcomeUnknown(() -> Patience.get(async), "the connection was closed");
        outcomeUnknown(() -> Patience.get(sync), "the connection was closed");
        assertThat(closing).as("the server could not answer").isNotDone();
        server.freeze(false);
        Patience.get(closing);
    }

    @Test
    void theEndOfTheNatsConnectionSettlesWhatIsOutstanding() {
        StanConnection sc = connect(options -> options);
        server.freeze(true);
        CompletableFuture<String> async = sc.publishAsync("c", "x");
        nc.close();
        outcomeUnknown(() -> Patience.get(async), "the connection has ended, CONNECTION_CLOSED");
        assertThat(sc.pendingAcks()).isZero();
        sc.close();
        server.freeze(false);
    }
}
