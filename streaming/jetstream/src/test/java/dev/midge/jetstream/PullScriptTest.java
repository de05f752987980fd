// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R-E1 to R-E4: consumptions and fetches on the wire, in virtual time. */
class PullScriptTest {
    private static final String NEXT = "$JS.API.CONSUMER.MSG.NEXT.S.C";
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final String NO_CONSUMER =
            "{\"type\":\"x\",\"error\":{\"code\":404,\"err_code\":10014,\"description\":\"consumer not found\"}}";

    private final Queue<String> got = new ConcurrentLinkedQueue<>();
    private final Queue<ConsumeEvent> events = new ConcurrentLinkedQueue<>();
    private Script script;

    @BeforeEach
    void connect() throws Exception {
        script = new Script();
    }

    @AfterEach
    void close() {
        script.close();
    }

    private Consumer consumer() {
        return script.js.stream("S").consumer("C");
    }

    private ConsumeOptions.Builder options() {
        return ConsumeOptions.builder()
                .maxMessages(10)
                .expires(Duration.ofSeconds(10))
                .listener(events::add);
    }

    private Consumption consume(ConsumeOptions options) {
        Consumption run = consumer().consume(options, message -> got.add(message.text()));
        script.expectSub();
        return run;
    }

    private void expectPull(long number, int batch) {
        Script.Asked pull = script.expectPull(number);
        assertThat(pull.subject()).isEqualTo(NEXT);
        assertThat(pull.body())
                .isEqualTo("{\"batch\":" + batch + ",\"expires\":10000000000,\"idle_heartbeat\":5000000000}");
    }

    @Test
    void pulls() throws Exception {
        Consumption run = consume(options().build());
        expectPull(1, 10);
        for (int i = 1; i <= 5; i++) {
            script.message(i);
        }
        script.barrier(); // half are left
        assertThat(got).containsExactly("1", "2", "3", "4", "5");
        script.message(6);
        expectPull(2, 6);
        run.stop();
        script.peer.expectLine("UNSUB 1");
    }

    @Test
    void everyField() throws Exception {
        ConsumeOptions all = options()
                .group("g")
                .minPending(3)
                .minAckPending(4)
                .priority(5)
                .idleHeartbeat(Duration.ofSeconds(1))
                .build();
        consume(all);
        assertThat(script.expectPull(1).body())
                .isEqualTo("{\"batch\":10,\"expires\":10000000000,\"idle_heartbeat\":1000000000,\"group\":\"g\","
                        + "\"min_pending\":3,\"min_ack_pending\":4,\"priority\":5}");
        assertThat(script.inbox).startsWith("_INBOX.");
    }

    /** Each pull that ends is followed by another one. */
    @ParameterizedTest
    @DisplayName("R-E1: the server ends a pull")
    @CsvSource({
        "408 Request Timeout, 8, 0",
        "408 Interest Expired, 8, 0",
        "409 Leadership Change, , 0",
        "409 Batch Completed, 8, 0",
        "409 Server Shutdown, 8, 100",
        "409 Exceeded MaxWaiting, , 100",
        "423 Nats-Wrong-Pin-Id, 8, 0",
        "429 too many requests, , 100",
        "409 Nobody Knows Yet, , 100"
    })
    void pullsAgain(String status, String left, int afterMillis) throws Exception {
        ConsumeOptions options = status.startsWith("423")
                ? options().group("g").build()
                : options().build();
        consume(options);
        script.expectPull(1);
        script.message(1);
        script.message(2);
        script.barrier();
        if (left == null) {
            script.status(1, status);
        } else {
            script.status(1, status, "Nats-Pending-Messages: " + left, "Nats-Pending-Bytes: 0");
        }
        if (afterMillis > 0) {
            script.barrier();
            script.time.advance(Duration.ofMillis(afterMillis - 1));
            script.barrier(); // not yet
            script.time.advance(Duration.ofMillis(1));
        }
        assertThat(script.expectPull(2).body()).startsWith("{\"batch\":10,");
        assertThat(got).containsExactly("1", "2");
    }

    @Test
    @DisplayName("R-E1: two heartbeats are missed")
    void missesHeartbeats() throws Exception {
        consume(options().build());
        expectPull(1, 10);
        for (int i = 0; i < 10; i++) {
            script.time.advance(HEARTBEAT);
            script.status(1, "100 Idle Heartbeat", "Nats-Last-Consumer: 0", "Nats-Last-Stream: 0");
            script.barrier(); // nothing was asked
        }
        script.message(1);
        script.barrier();
        Duration eighth =
                HEARTBEAT.dividedBy(8); // it is looked so often, and a timer that is set anew counts from when it ran
        script.time.advance(eighth); // when it was heard last, at the latest
        for (int i = 0; i < 15; i++) {
            script.time.advance(eighth);
        }
        script.barrier();
        assertThat(events).isEmpty();
        script.time.advance(eighth);
        script.expectSubOfRequests();
        assertThat(script.expectRequest().subject()).isEqualTo("$JS.API.CONSUMER.INFO.S.C");
        script.expectMove();
        script.peer.send("PONG\r\n");
        expectPull(2, 10);
        assertThat(events).contains(new ConsumeEvent.HeartbeatsMissed(HEARTBEAT.multipliedBy(2)));
    }

    @Test
    @DisplayName("R-E1: nothing answers a pull, as there was nobody to take it")
    void missesTheFirstHeartbeat() throws Exception {
        consume(options().build());
        expectPull(1, 10);
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < 11; i++) {
                script.time.advance(HEARTBEAT.dividedBy(8));
            }
            script.barrier(); // nothing was asked
            assertThat(events).hasSize(round - 1);
            script.time.advance(HEARTBEAT.dividedBy(8)); // one and a half
            if (round == 1) {
                script.expectSubOfRequests();
            }
            assertThat(script.expectRequest().subject()).isEqualTo("$JS.API.CONSUMER.INFO.S.C");
            script.expectMove();
            script.peer.send("PONG\r\n");
            expectPull(round + 1, 10);
            assertThat(events).hasSize(round).contains(new ConsumeEvent.HeartbeatsMissed(Duration.ofMillis(7500)));
        }
    }

    @Test
    @DisplayName(
            "R-E4: what the consumer was asked before it fell silent, and sends after all, is room that is not asked for again")
    void neverMoreThanMayBe() throws Exception {
        Messages messages = consumer().messages(options().stopAfter(12).build());
        script.expectSub();
        expectPull(1, 10);
        for (int i = 0; i < 12; i++) {
            script.time.advance(HEARTBEAT.dividedBy(8));
        }
        script.expectSubOfRequests();
        script.expectRequest();
        script.expectMove();
        for (int i = 1; i <= 8; i++) {
            script.message(i); // it was on the way
        }
        script.peer.send("PONG\r\n");
        script.barrier(); // no room for so many that more would be asked for
        for (int i = 1; i <= 8; i++) {
            assertThat(messages.next(Patience.LONG).text()).isEqualTo(String.valueOf(i));
        }
        assertThat(script.expectPull(2).body()).startsWith("{\"batch\":4,"); // of 12
    }

    @Test
    @DisplayName("R-E2: nobody answers, and there is no consumer: it is asked twice")
    void noConsumer() throws Exception {
        Consumption run = consume(options().build());
        expectPull(1, 10);
        script.message(1);
        script.status(1, "503");
        script.expectSubOfRequests();
        Script.Asked info = script.expectRequest();
        script.answer(info, 2, NO_CONSUMER);
        script.barrier();
        script.time.advance(Duration.ofMillis(100));
        script.expectPull(2);
        script.time.advance(Duration.ofMillis(200));
        Script.Asked again = script.expectRequest();
        assertThat(again.subject()).isEqualTo("$JS.API.CONSUMER.INFO.S.C");
        script.answer(again, 2, NO_CONSUMER);
        script.peer.expect("UNSUB 1\r\nPING\r\n").send("PONG\r\n");
        assertThat(run.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(ConsumeEnd.CONSUMER_DELETED);
        assertThat(run.failure()).hasMessage("cannot consume from consumer C of stream S: there is no such consumer");
        assertThat(got).containsExactly("1");
    }

    @ParameterizedTest
    @DisplayName("R-E2: terminal statuses")
    @CsvSource({
        "400 Bad Request - Invalid, REFUSED",
        "409 Consumer Deleted, CONSUMER_DELETED",
        "409 Consumer is push based, PUSH_CONSUMER",
        "409 Exceeded MaxRequestExpires of 1s, REFUSED",
        "412 Required Api Level, REFUSED"
    })
    void ends(String status, ConsumeEnd end) throws Exception {
        Consumption run = consume(options().build());
        expectPull(1, 10);
        script.message(1);
        script.status(1, status);
        script.peer.expect("UNSUB 1\r\nPING\r\n").send("PONG\r\n");
        assertThat(run.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(end);
        assertThat(run.isActive()).isFalse();
        assertThat(got).containsExactly("1");
        ConsumeException failure = (ConsumeException) Objects.requireNonNull(run.failure());
        assertThat(failure).hasMessage("cannot consume from consumer C of stream S: the server says " + status);
        assertThat(failure.end()).isEqualTo(end);
        assertThat(failure.status())
                .isEqualTo(new Status(Integer.parseInt(status.substring(0, 3)), status.substring(4)));
        script.time.advance(Duration.ofHours(1));
        script.barrier(); // and nothing is asked any more
    }

    @Test
    @DisplayName("ADR-42: the id of the pinned client")
    void pinned() throws Exception {
        consume(options().group("g").build());
        script.expectPull(1);
        for (int i = 1; i <= 6; i++) {
            script.message(i, "Nats-Pin-Id: P" + i);
        }
        assertThat(script.expectPull(2).body()).endsWith(",\"group\":\"g\",\"id\":\"P6\"}");
        script.status(2, "423 Nats-Wrong-Pin-Id", "Nats-Pending-Messages: 6", "Nats-Pending-Bytes: 0");
        assertThat(script.expectPull(3).body()).endsWith(",\"group\":\"g\"}");
        assertThat(events).containsExactly(new ConsumeEvent.PinLost("g"));
    }

    @Test
    @DisplayName("R-E3: each end of a fetch")
    void fetch() {
        FetchOptions options = FetchOptions.builder()
                .maxMessages(3)
                .maxWait(Duration.ofSeconds(10))
                .build();
        Fetch fetch = consumer().fetch(options);
        script.expectSub();
        assertThat(script.expectPull(1).body())
                .isEqualTo("{\"batch\":3,\"expires\":9980000000}"); // no time for two heartbeats of 5 s
        script.message(1);
        script.status(1, "408 Request Timeout", "Nats-Pending-Messages: 2", "Nats-Pending-Bytes: 0");
        List<String> texts = new ArrayList<>();
        fetch.forEach(message -> texts.add(message.text()));
        assertThat(texts).containsExactly("1");
        assertThat(fetch.end()).isEqualTo(ConsumeEnd.EXPIRED);
        assertThat(fetch).isEmpty();
    }

    @Test
    @DisplayName("R-E1: a leader change in the middle of a fetch")
    void fetchGoesOn() throws Exception {
        Fetch fetch = consumer().fetch(3, Duration.ofSeconds(4));
        script.expectSub();
        assertThat(script.expectPull(1).body()).isEqualTo("{\"batch\":3,\"expires\":3980000000}");
        script.message(1);
        script.barrier();
        script.time.advance(Duration.ofSeconds(1));
        script.status(1, "409 Leadership Change");
        assertThat(script.expectPull(2).body()).isEqualTo("{\"batch\":2,\"expires\":2980000000}");
        script.message(2);
        script.message(3);
        assertThat(fetch.toList()).hasSize(3);
        assertThat(fetch.end()).isEqualTo(ConsumeEnd.COMPLETE);
    }

    @Test
    void fetchWithoutWaiting() {
        Fetch fetch = consumer().fetchNoWait(3);
        script.expectSub();
        assertThat(script.expectPull(1).body()).isEqualTo("{\"batch\":3,\"no_wait\":true}");
        script.status(1, "404 No Messages");
        assertThat(fetch).isEmpty();
        assertThat(fetch.end()).isEqualTo(ConsumeEnd.NO_MESSAGES);
    }

    @Test
    void fetchFails() {
        Fetch fetch = consumer().fetch(3, Duration.ofSeconds(5));
        script.expectSub();
        script.expectPull(1);
        script.message(1);
        script.status(1, "409 Consumer Deleted");
        Iterator<JetStreamMessage> messages = fetch.iterator();
        assertThat(messages.next().text()).isEqualTo("1");
        assertThatThrownBy(messages::hasNext)
                .isInstanceOf(ConsumeException.class)
                .hasMessage("cannot fetch from consumer C of stream S: the server says 409 Consumer Deleted");
    }

    /** What is no JetStream message, but came on the inbox, is delivered and cannot be acknowledged. */
    @Test
    void aStranger() throws Exception {
        Messages messages = consumer().messages(options().build());
        script.expectSub();
        expectPull(1, 10);
        script.peer.send("MSG " + script.inbox + "1 1 5\r\nhello\r\n");
        JetStreamMessage stranger = messages.next(Patience.LONG);
        assertThat(stranger.text()).isEqualTo("hello");
        assertThatThrownBy(stranger::ack).isInstanceOf(IllegalStateException.class);
    }
}
