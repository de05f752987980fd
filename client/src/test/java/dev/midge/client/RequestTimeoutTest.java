// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R-D1, R-D2: requests that nobody answers, in virtual time; but where it says otherwise. */
class RequestTimeoutTest {
    private final VirtualTime time = new VirtualTime();
    private final EmbeddedServer server = EmbeddedServer.start();
    private final EventLog events = new EventLog();
    private NatsConnection nc;

    @BeforeEach
    void connect() {
        nc = (NatsConnection) Nats.connect(Patient.options()
                .servers(server.url())
                .eventLoops(time.eventLoops())
                .executor(Runnable::run) // so that what the event loop completes is complete when time has passed
                .pingInterval(Duration.ZERO)
                .listener(events)
                .build());
        nc.direct().subscribe("silent", view -> {});
    }

    @AfterEach
    void end() {
        nc.close();
        time.close();
        server.close();
    }

    private CompletableFuture<Message> request(Duration timeout) {
        return nc.requestAsync("silent", "x", timeout);
    }

    @Test
    void timesOut() throws Exception {
        CompletableFuture<Message> reply = request(Duration.ofSeconds(3));
        time.advance(Duration.ofMillis(2999));
        assertThat(reply).isNotDone();
        time.advance(Duration.ofMillis(51));
        assertThat(Waiting.failure(reply))
                .isInstanceOf(NatsTimeoutException.class)
                .hasMessage("no reply came to the request to silent within PT3S");
        assertThat(nc.requests().pending()).isZero();
    }

    /** Each between T and T + 50 ms, be it the shortest or the longest, while 10,000 others wait. */
    @Test
    void amongTenThousand() throws Exception {
        int count = 10_000;
        List<CompletableFuture<Message>> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) { // 1 ms to 10 s, out of order
            replies.add(request(Duration.ofMillis(millis(i))));
        }
        CompletableFuture<Message> forLong = request(Duration.ofDays(300_000));
        assertThat(nc.requests().pending()).isEqualTo(count + 1);
        int step = 25;
        for (int now = step; now <= 10_050; now += step) {
            time.advance(Duration.ofMillis(step));
            for (int i = 0; i < count; i++) {
                boolean done = replies.get(i).isDone();
                if (done ? millis(i) > now : millis(i) + 50 <= now) {
                    throw new AssertionError("at " + now + " ms that of " + millis(i) + " ms: " + replies.get(i));
                }
            }
        }
        assertThat(forLong).isNotDone();
        assertThat(nc.requests().pending()).isOne();
        forLong.cancel(false);
    }

    private static int millis(int request) {
        return (int) (request * 7919L % 10_000) + 1;
    }

    /** A shorter one behind a longer one sets the timer anew. */
    @Test
    void shorterOnesLater() throws Exception {
        for (int millis : new int[] {4000, 2000, 3000, 1000, 5}) {
            CompletableFuture<Message> reply = request(Duration.ofMillis(millis));
            if (millis == 5) {
                time.advance(Duration.ofMillis(55));
                assertThat(reply).isCompletedExceptionally();
            }
        }
        for (int left = 4; left > 0; left--) {
            assertThat(nc.requests().pending()).isEqualTo(left);
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(nc.requests().pending()).isZero();
    }

    /** The deadline of a request that was answered is not taken for that of the next one in its place. */
    @Test
    void thePlaceIsUsedAgain() throws Exception {
        for (int i = 0; i < 100; i++) {
            request(Duration.ofMillis(500)).cancel(false);
            CompletableFuture<Message> next = request(Duration.ofSeconds(1));
            time.advance(Duration.ofMillis(990));
            assertThat(next).isNotDone();
            time.advance(Duration.ofMillis(60));
            assertThat(next).isCompletedExceptionally();
        }
    }

    /** Nothing is left of a million of them; where no leaks are looked for, as that takes longer than all the rest. */
    @Test
    void aMillion() throws Exception {
        ChildJvm.run(TimingOutProgram.class, List.of("-Dio.netty.leakDetection.level=disabled", "-XX:+UseSerialGC"));
    }

    /** In real time; the thread that waits is woken by the event loop. */
    @Test
    void aThreadThatWaits() {
        try (Connection real = Patient.connect(server.url())) {
            real.direct().subscribe("silent", view -> {});
            long start = System.nanoTime();
            Throwable thrown = Waiting.in(() -> real.request("silent", "x", Duration.ofMillis(300)))
                    .failure();
            assertThat(thrown)
                    .isInstanceOf(NatsTimeoutException.class)
                    .hasMessage("no reply came to the request to silent within PT0.3S");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(300_000_000);
        }
    }
}
