// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.ConnectionClosedException;
import dev.midge.client.DisconnectedException;
import dev.midge.client.Message;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.Reconnect;
import dev.midge.client.ServerErrorException;
import dev.midge.client.WhileDisconnected;
import dev.midge.jetstream.ScriptedStream.Published;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R-E7: what is published, what is answered, and what comes of it, in a scripted conversation. */
class PublishTest {
    private static final String VERSION = "2.15.2";

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static ScriptedStream stream() throws InterruptedException {
        return new ScriptedStream(VERSION, options -> {});
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static Throwable failure(CompletableFuture<?> future) throws Exception {
        try {
            Object value = get(future);
            throw new AssertionError("it has not failed: " + value);
        } catch (ExecutionException | CompletionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private static Message message(String text) {
        return Message.to("s").data(text).build();
    }

    private static PublishOptions id(String id) {
        return PublishOptions.builder().messageId(id).build();
    }

    @Test
    void waitsForTheAck() throws Exception {
        try (ScriptedStream stream = stream()) {
            JetStream js = stream.jetStream(options -> {});
            CompletableFuture<PublishAck> ack = CompletableFuture.supplyAsync(() -> js.publish("s", "one"), threads);
            Published one = stream.published();
            assertThat(one.subject() + one.headers() + one.payload()).isEqualTo("sone");
            stream.answer(one, "{\"stream\":\"S\", \"seq\":7,\"domain\":\"hub\",\"more\":[1]}");
            assertThat(get(ack)).isEqualTo(new PublishAck("S", 7, "hub", false, null));

            CompletableFuture<PublishAck> next =
                    js.publishAsync(Message.to("s").header("a", "b").data("two").build());
            Published two = stream.published();
            assertThat(two.headers()).isEqualTo("NATS/1.0\r\na: b\r\n\r\n");
            assertThat(two.replyTo()).isNotEqualTo(one.replyTo());
            stream.answer(two, "{\"stream\":\"S\",\"seq\":8,\"duplicate\":true,\"val\":\"12\"}");
            assertThat(get(next)).isEqualTo(new PublishAck("S", 8, null, true, "12"));
            assertThat(js.pendingAcks()).isZero();
        }
    }

    @Test
    void optionsAreHeadersInThePlaceOfThoseOfTheMessage() throws Exception {
        try (ScriptedStream stream = stream()) {
            JetStream js = stream.jetStream(options -> {});
            PublishOptions all = PublishOptions.builder()
                    .messageId("m-1")
                    .expectedStream("S")
                    .expectedLastMessageId("m-0")
                    .expectedLastSequence(5)
                    .expectedLastSubjectSequence(4, "s.*")
                    .rollup(Rollup.SUBJECT)
                    .ttl(Duration.ofMillis(1500))
                    .build();
            CompletableFuture<?> unused = js.publishAsync(
                    Message.to("s").header("Nats-Msg-Id", "x").header("a", "b").build(), all);
            assertThat(stream.published().headers())
                    .isEqualTo(String.join(
                            "\r\n",
                            "NATS/1.0",
                            "a: b",
                            "Nats-Msg-Id: m-1",
                            "Nats-Expected-Stream: S",
                            "Nats-Expected-Last-Msg-Id: m-0",
                            "Nats-Expected-Last-Sequence: 5",
                            "Nats-Expected-Last-Subject-Sequence: 4",
                            "Nats-Expected-Last-Subject-Sequence-Subject: s.*",
                            "Nats-Rollup: sub",
                            "Nats-TTL: 2",
                            "",
                            ""));
            CompletableFuture<?> unused2 = js.publishAsync(
                    message(""),
                    PublishOptions.builder().neverExpires().rollup(Rollup.ALL).build());
            assertThat(stream.published().headers())
                    .isEqualTo("NATS/1.0\r\nNats-TTL: never\r\nNats-Rollup: all\r\n\r\n");
        }
    }

    @Test
    void badOptions() {
        PublishOptions.Builder builder = PublishOptions.builder();
        assertThatThrownBy(() -> builder.messageId(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("messageId is \" \": must not be empty");
        assertThatThrownBy(() -> builder.messageId("a\r\nb")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.expectedLastMessageId("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.expectedStream("a.b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.expectedLastSequence(-1))
                .hasMessage("expectedLastSequence is -1: must not be negative");
        assertThatThrownBy(() -> builder.expectedLastSubjectSequence(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.expectedLastSubjectSequence(0, "a b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.ttl(Duration.ofMillis(999)))
                .hasMessage("ttl is PT0.999S: must be at least 1 s");
        assertThatThrownBy(() -> builder.timeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThat(builder.build().headers().isEmpty())
                .as("nothing of it was taken")
                .isTrue();
        JetStreamOptions.Builder options = JetStreamOptions.builder();
        for (int window : new int[] {0, 1_000_001}) {
            assertThatThrownBy(() -> options.publishWindow(window))
                    .hasMessage("publishWindow is " + window + ": must be from 1 to 1000000");
        }
        assertThatThrownBy(() -> options.publishRetries(-2, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.publishRetries(1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What it does not know it would store without a word. */
    @Test
    void anOldServerIsNotAskedForWhatIsNew() throws Exception {
        try (ScriptedStream stream = new ScriptedStream("2.10.9", options -> {})) {
            JetStream js = stream.jetStream(options -> {});
            PublishOptions ttl =
                    PublishOptions.builder().ttl(Duration.ofSeconds(5)).build();
            assertThatThrownBy(() -> js.publishAsync(message("x"), ttl))
                    .isInstanceOf(ServerTooOldException.class)
                    .hasMessageStartingWith(
                            "cannot publish to s: Nats-TTL needs a server of 2.11 (API level 1) or newer");
            PublishOptions subject =
                    PublishOptions.builder().expectedLastSubjectSequence(0, ">").build();
            assertThatThrownBy(() -> js.publish(message("x"), subject)).isInstanceOf(ServerTooOldException.class);
            assertThat(stream.nc.statistics().outAccepted()).isZero();
            assertThat(js.pendingAcks()).isZero();
        }
    }

    @Test
    void refusals() throws Exception {
        try (ScriptedStream stream = stream()) {
            JetStream js = stream.jetStream(options -> {});
            for (int code : new int[] {10071, 10164}) {
                CompletableFuture<PublishAck> wrong = js.publishAsync(message("x"), id("1"));
                stream.answer(
                        stream.published(),
                        "{\"error\":{\"code\":400,\"err_code\":" + code
                                + ",\"description\":\"wrong last sequence: 9\"},\"stream\":\"S\",\"seq\":0}");
                assertThat(failure(wrong))
                        .isInstanceOf(WrongLastSequenceException.class)
                        .hasMessage("cannot publish to s: wrong last sequence: 9 (code 400, err_code " + code + ")");
            }
            CompletableFuture<PublishAck> other = js.publishAsync(message("x"));
            stream.answer(stream.published(), "{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"d\"}}");
            assertThat(failure(other)).isExactlyInstanceOf(JetStreamApiException.class);
            for (String none :
                    new String[] {"hello", "", "{}", "{\"stream\":\"S\"}", "{\"stream\":1,\"seq\":1}", "[1]"}) {
                CompletableFuture<PublishAck> noAck = js.publishAsync(message("x"));
                stream.answer(stream.published(), none);
                assertThat(failure(noAck))
                        .isExactlyInstanceOf(JetStreamException.class)
                        .hasMessageStartingWith("cannot publish to s: ")
                        .hasMessageContaining("\"" + none + "\"");
            }
            CompletableFuture<PublishAck> status = js.publishAsync(message("x"));
            stream.status(stream.published(), "NATS/1.0 412 Required Api Level\r\n\r\n");
            assertThat(failure(status))
                    .isExactlyInstanceOf(JetStreamException.class)
                    .hasMessageContaining("412");
            assertThat(js.pendingAcks()).isZero();
        }
    }

    @Test
    void notAllowed() throws Exception {
        try (ScriptedStream stream = stream()) {
            JetStream js = stream.jetStream(options -> {});
            CompletableFuture<PublishAck> denied = js.publishAsync(message("x"));
            stream.published();
            stream.send("-ERR 'Permissions Violation for Publish to \"s\"'\r\n");
            assertThat(failure(denied)).isInstanceOf(ServerErrorException.class);
        }
    }

    /** The window is a hard bound: what is refused sends nothing, and each way to end gives a place back (R-E7). */
    @Test
    void theWindowIsABound() throws Exception {
        try (ScriptedStream stream = stream()) {
            JetStream js = stream.jetStream(options -> options.publishWindow(2).publishOverflow(PublishOverflow.FAIL));
            CompletableFuture<PublishAck> first = js.publishAsync(message("1"));
            CompletableFuture<PublishAck> second = js.publishAsync(message("2"));
            assertThat(js.pendingAcks()).isEqualTo(2);
            assertThat(failure(js.publishAsync(message("3"))))
                    .isInstanceOf(PublishWindowFullException.class)
                    .hasMessage("cannot publish to s: 2 acks are outstanding, which is as many as may be"
                            + " (JetStreamOptions.publishWindow); not waited for");
            assertThat(stream.nc.statistics().outAccepted()).isEqualTo(2);

            second.cancel(false);
            assertThat(js.pendingAcks()).isEqualTo(1);
            CompletableFuture<PublishAck> fourth = js.publishAsync(message("4"));
            assertThat(failure(js.publishAsync(message("5")))).isInstanceOf(PublishWindowFullException.class);
            Published one = stream.published();
            assertThat(stream.published().payload()).isEqualTo("2");
            stream.ack(one, 1);
            get(first);
            stream.ack(stream.published(), 3);
            get(fourth);
            assertThat(js.pendingAcks()).isZero();

            assertThatThrownBy(() -> js.publishAsync(Message.to("a b").build()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(js.pendingAcks()).as("what was never sent").isZero();
        }
    }

    @Test
    void theWindowIsWaitedFor() throws Exception {
        try (ScriptedStream stream = stream()) {
            JetStream js = stream.jetStream(options -> options.publishWindow(1));
            CompletableFuture<PublishAck> first = js.publishAsync(message("1"));
            CompletableFuture<PublishAck> second = new CompletableFuture<>();
            Future<?> waiting = threads.submit(() -> {
                CompletableFuture<?> unused =
                        js.publishAsync(message("2")).whenComplete((ack, failure) -> second.complete(ack));
            });
            Published one = stream.published();
            assertThat(stream.nc.statistics().outAccepted()).isEqualTo(1);
            stream.ack(one, 1);
            get(first);
            waiting.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
            stream.ack(stream.published(), 2);
            assertThat(get(second).sequence()).isEqualTo(2);
        }
    }

    /** An event loop must not wait for what it has to read itself. */
    @Test
    void onAnEventLoopNothingWaits() throws Exception {
        try (ScriptedStream stream = stream()) {
            JetStream js = stream.jetStream(options -> options.publishWindow(1));
            CompletableFuture<Throwable> blocking = new CompletableFuture<>();
            CompletableFuture<CompletableFuture<PublishAck>> async = new CompletableFuture<>();
            CompletableFuture<PublishAck> first = js.publishAsync(message("1"));
            Published one = stream.published();
            stream.nc.direct().subscribe("go", view -> {
                try {
                    js.publish("s", "x");
                } catch (RuntimeException e) {
                    blocking.complete(e);
                }
                async.complete(js.publishAsync(message("y")));
            });
            stream.go();
            assertThat(get(blocking))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("publish waits for the ack, which an event loop must not");
            assertThat(failure(get(async))).isInstanceOf(PublishWindowFullException.class);
            stream.ack(one, 1);
            get(first);
        }
    }

    /** What hangs on an ack may publish in turn, and wait for its ack, though there is one thread only. */
    @Test
    void inTheCompletionOfAnother() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (ScriptedStream stream = new ScriptedStream(VERSION, options -> options.executor(one))) {
            JetStream js = stream.jetStream(options -> options.publishWindow(1));
            CompletableFuture<Long> both = js.publishAsync(message("1"))
                    .thenApply(ack -> ack.sequence() + js.publish("s", "2").sequence());
            stream.ack(stream.published(), 1);
            stream.ack(stream.published(), 2);
            assertThat(get(both)).isEqualTo(3);
        } finally {
            one.shutdown();
        }
    }

    @Test
    void outcomeUnknownWhenTheServerIsLost() throws Exception {
        try (ScriptedStream stream = stream()) {
            JetStream js = stream.jetStream(options -> {});
            CompletableFuture<PublishAck> async = js.publishAsync(message("1"), id("m-1"));
            stream.published();
            CompletableFuture<PublishAck> sync = CompletableFuture.supplyAsync(() -> js.publish("s", "2"), threads);
            stream.published();
            stream.lose();
            assertThat(failure(async)).isInstanceOfSatisfying(PublishOutcomeUnknownException.class, e -> {
                assertThat(e.messageId()).isEqualTo("m-1");
                assertThat(e.subject()).isEqualTo("s");
                assertThat(e).hasCauseInstanceOf(DisconnectedException.class);
                assertThat(e)
                        .hasMessageStartingWith("publish to s with message id m-1: outcome unknown,"
                                + " it may have been stored: the connection to ");
            });
            assertThat(failure(sync)).isInstanceOf(PublishOutcomeUnknownException.class);
            assertThat(js.pendingAcks()).isZero();
        }
    }

    /** What no server was given was not stored, and that is said. */
    @Test
    void whatWasNeverGivenWasNotStored() throws Exception {
        try (ScriptedStream stream = new ScriptedStream(
                VERSION,
                options -> options.reconnect(
                        Reconnect.builder().wait(Duration.ofHours(1)).build()))) {
            JetStream js = stream.jetStream(options -> {});
            CompletableFuture<PublishAck> given = js.publishAsync(message("1"));
            stream.published();
            stream.loseForGood();
            assertThat(failure(given)).isInstanceOf(PublishOutcomeUnknownException.class);
            CompletableFuture<PublishAck> queued = js.publishAsync(message("2"));
            stream.nc.close();
            assertThat(failure(queued)).isInstanceOf(ConnectionClosedException.class);
            assertThat(failure(js.publishAsync(message("3")))).isInstanceOf(ConnectionClosedException.class);
            assertThat(js.pendingAcks()).isZero();
        }
    }

    @Test
    void refusedWhileThereIsNoServer() throws Exception {
        Consumer<WhileDisconnected> check = policy -> {
            try (ScriptedStream stream = new ScriptedStream(
                    VERSION,
                    options -> options.reconnect(Reconnect.builder()
                            .wait(Duration.ofHours(1))
                            .whileDisconnected(policy)
                            .build()))) {
                JetStream js = stream.jetStream(options -> {});
                CompletableFuture<PublishAck> given = js.publishAsync(message("1"));
                stream.published();
                stream.loseForGood();
                failure(given);
                assertThat(failure(js.publishAsync(message("2")))).isInstanceOf(DisconnectedException.class);
                assertThatThrownBy(() -> js.publish("s", "3")).isInstanceOf(DisconnectedException.class);
                assertThat(js.pendingAcks()).isZero();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        check.accept(WhileDisconnected.FAIL);
        check.accept(WhileDisconnected.DROP_AND_REPORT);
    }

    /** With its message id, so that it is stored once. */
    @Test
    void publishedAgainWhenTheServerIsLost() throws Exception {
        for (WhileDisconnected policy : WhileDisconnected.values()) {
            try (ScriptedStream stream = new ScriptedStream(
                    VERSION,
                    options -> options.reconnect(Reconnect.builder()
                            .wait(Duration.ofMillis(10))
                            .whileDisconnected(policy)
                            .build()))) {
                JetStream js = stream.jetStream(options -> options.onDisconnect(OnDisconnect.RETRY));
                CompletableFuture<PublishAck> named = js.publishAsync(message("1"), id("m-1"));
                CompletableFuture<PublishAck> unnamed = js.publishAsync(message("2"));
                Published one = stream.published();
                Published two = stream.published();
                assertThat(two.headers()).matches("NATS/1.0\r\nNats-Msg-Id: \\w{22}\r\n\r\n");
                stream.lose();
                assertThat(stream.published()).isEqualTo(one);
                stream.published();
                stream.lose();
                assertThat(stream.published()).isEqualTo(one);
                assertThat(stream.published()).isEqualTo(two);
                assertThat(js.pendingAcks()).isEqualTo(2);
                stream.ack(two, 2);
                assertThat(get(unnamed).sequence()).isEqualTo(2);
                stream.answer(
                        one,
                        "{\"error\":{\"code\":400,\"err_code\":10071,\"description\":\"wrong last sequence: 1\"}}");
                assertThat(failure(named))
                        .as("the first may have been what is in its way")
                        .isInstanceOf(PublishOutcomeUnknownException.class)
                        .hasCauseInstanceOf(WrongLastSequenceException.class);
                assertThat(js.pendingAcks()).isZero();
            }
        }
    }

    @Test
    void lostForGoodWhileItWaitsForAnotherServer() throws Exception {
        try (ScriptedStream stream = new ScriptedStream(
                VERSION,
                options -> options.reconnect(
                        Reconnect.builder().wait(Duration.ofHours(1)).build()))) {
            JetStream js = stream.jetStream(options -> options.onDisconnect(OnDisconnect.RETRY));
            CompletableFuture<PublishAck> given = js.publishAsync(message("1"), id("m-1"));
            stream.published();
            stream.loseForGood();
            Patience.until("the loss", () -> stream.nc.status() != dev.midge.client.ConnectionStatus.CONNECTED);
            stream.nc.close();
            assertThat(failure(given))
                    .isInstanceOf(PublishOutcomeUnknownException.class)
                    .hasCauseInstanceOf(ConnectionClosedException.class);
        }
    }

    @Test
    void timesOut() throws Exception {
        try (ScriptedStream stream = stream()) {
            JetStream js = stream.jetStream(options -> {});
            PublishOptions shortly = PublishOptions.builder()
                    .messageId("m-1")
                    .timeout(Duration.ofMillis(20))
                    .build();
            assertThatThrownBy(() -> js.publish(message("1"), shortly))
                    .isInstanceOfSatisfying(
                            PublishOutcomeUnknownException.class,
                            e -> assertThat(e.messageId()).isEqualTo("m-1"))
                    .hasCauseInstanceOf(NatsTimeoutException.class)
                    .hasMessage("publish to s with message id m-1: outcome unknown, it may have been stored:"
                            + " no ack came within PT0.02S");
        }
    }
}
