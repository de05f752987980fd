// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Message;
import dev.midge.client.NatsInterruptedException;
import dev.midge.client.NatsTimeoutException;
import dev.midge.jetstream.JetStreamApiException;
import dev.midge.jetstream.NoStreamException;
import dev.midge.jetstream.PublishOutcomeUnknownException;
import dev.midge.testkit.VirtualTime;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All ways that a request for a response ends in. */
class RequestTest {
    private static final EventWithResponse<String, Integer> EVENT =
            Event.of("e", Codec.text()).withResponse(Codec.json(Integer.class));
    private static final RequestOptions PATIENT =
            RequestOptions.builder().uid("u-1").timeout(Patience.LONG).build();

    private final PlayedStream stream = new PlayedStream(EVENT, options -> {});
    private final EventConnection ec =
            stream.connect(EVENT, options -> options.publishRetries(0, Duration.ofSeconds(1)));

    @AfterEach
    void close() {
        stream.close();
    }

    enum Way {
        BLOCKING {
            @Override
            CompletableFuture<Integer> request(EventConnection ec, RequestOptions options) {
                CompletableFuture<Integer> result = new CompletableFuture<>();
                new Thread(() -> {
                            try {
                                result.complete(ec.request(EVENT, "x", options));
                            } catch (RuntimeException e) {
                                result.completeExceptionally(e);
                            }
                        })
                        .start();
                return result;
            }
        },
        ASYNC {
            @Override
            CompletableFuture<Integer> request(EventConnection ec, RequestOptions options) {
                return ec.requestAsync(EVENT, "x", options);
            }
        };

        abstract CompletableFuture<Integer> request(EventConnection ec, RequestOptions options);
    }

    private static Throwable failure(CompletableFuture<?> future) throws Exception {
        try {
            throw new AssertionError("it has not failed: " + future.get(60, TimeUnit.SECONDS));
        } catch (ExecutionException | CompletionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFirstOfSeveralResponses(Way way) throws Exception {
        CompletableFuture<Integer> response = way.request(ec, PATIENT);
        Message published = stream.published();
        assertThat(published.text()).isEqualTo("x");
        assertThat(published.headers().get("Nats-Msg-Id")).isEqualTo("u-1");
        assertThat(published.replyTo()).isNotEqualTo(published.headers().get("Walnats-Reply"));
        stream.ack(published, 1);
        stream.respond(published, "7");
        stream.respond(published, "8");
        assertThat(response.get(30, TimeUnit.SECONDS)).isEqualTo(7);
        stream.awaitRest();
    }

    @ParameterizedTest
    @EnumSource
    void aResponseMayBeFasterThanTheAck(Way way) throws Exception {
        CompletableFuture<Integer> response = way.request(ec, PATIENT);
        Message published = stream.published();
        stream.respond(published, "7");
        stream.awaitReceived(1);
        stream.ack(published, 1);
        assertThat(response.get(30, TimeUnit.SECONDS)).isEqualTo(7);
        stream.awaitRest();
    }

    @ParameterizedTest
    @EnumSource
    void anUndecodableResponse(Way way) throws Exception {
        CompletableFuture<Integer> response = way.request(ec, PATIENT);
        Message published = stream.published();
        stream.ack(published, 1);
        stream.respond(published, "seven");
        assertThat(failure(response))
                .isInstanceOf(CodecException.class)
                .hasMessageStartingWith("cannot decode a response of Event e, 5 bytes: ");
        stream.awaitRest();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsADuplicateIsNotRespondedTo(Way way) throws Exception {
        CompletableFuture<Integer> response = way.request(ec, PATIENT);
        stream.answer(stream.published(), "{\"stream\":\"S\",\"seq\":5,\"duplicate\":true}");
        assertThat(failure(response))
                .isInstanceOf(DuplicateEventException.class)
                .hasMessage(
                        "cannot request a response of Event e: its stream has had a message of uid u-1 before, as 5,"
                                + " and nobody will respond to another");
        stream.awaitRest();
    }

    @ParameterizedTest
    @EnumSource
    void theStreamRefuses(Way way) throws Exception {
        CompletableFuture<Integer> response = way.request(ec, PATIENT);
        stream.answer(stream.published(), "{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"too many\"}}");
        assertThat(failure(response)).isInstanceOf(JetStreamApiException.class);
        stream.awaitRest();
    }

    @ParameterizedTest
    @EnumSource
    void thereIsNoStream(Way way) throws Exception {
        stream.leave();
        assertThat(failure(way.request(ec, PATIENT))).isInstanceOf(NoStreamException.class);
    }

    /** R-E7: it is told from a response that does not come, as the message may be stored or not. */
    @ParameterizedTest
    @EnumSource
    void noAckIsAnUnknownOutcome(Way way) throws Exception {
        RequestOptions soon = RequestOptions.builder()
                .uid("u-1")
                .timeout(Duration.ofMillis(200))
                .build();
        assertThat(failure(way.request(ec, soon)))
                .isInstanceOfSatisfying(
                        PublishOutcomeUnknownException.class,
                        e -> assertThat(e.messageId()).isEqualTo("u-1"));
        stream.awaitRest();
    }

    @ParameterizedTest
    @EnumSource
    void theConnectionEndsBeforeTheResponse(Way way) throws Exception {
        CompletableFuture<Integer> response = way.request(ec, PATIENT);
        stream.ack(stream.published(), 1);
        stream.awaitReceived(1);
        stream.nc.close();
        assertThat(failure(response))
                .isInstanceOf(EventException.class)
                .hasMessage("cannot get a response of Event e: the connection has ended; the message may be handled");
    }

    @Test
    void noResponseInTime() throws Exception {
        RequestOptions options =
                RequestOptions.builder().timeout(Duration.ofSeconds(10)).build();
        CompletableFuture<Integer> response = Way.BLOCKING.request(ec, options);
        stream.ack(stream.published(), 1);
        assertThat(failure(response))
                .isInstanceOf(NatsTimeoutException.class)
                .hasMessage(
                        "cannot get a response of Event e: none came within PT10S; the message is stored, and may still"
                                + " be handled");
        stream.awaitRest();
    }

    @Test
    void noResponseInTimeWithoutWaiting() throws Exception {
        VirtualTime time = new VirtualTime();
        try (time;
                PlayedStream other = new PlayedStream(
                        EVENT, options -> options.eventLoops(time.eventLoops()).executor(Runnable::run))) {
            CompletableFuture<Integer> response =
                    other.connect(EVENT, options -> {}).requestAsync(EVENT, "x", RequestOptions.DEFAULTS);
            other.ack(other.published(), 1);
            other.awaitReceived(1);
            time.settle();
            assertThat(response).isNotDone();
            time.advance(Duration.ofSeconds(4));
            assertThat(failure(response))
                    .isInstanceOf(NatsTimeoutException.class)
                    .hasMessageStartingWith("cannot get a response of Event e: none came within PT4S;");
            other.awaitRest();
        }
    }

    @Test
    void givingUp() {
        CompletableFuture<Integer> response = ec.requestAsync(EVENT, "x", PATIENT);
        Message published = stream.published();
        response.cancel(false);
        stream.awaitRest();
        stream.ack(published, 1); // for nobody
    }

    @Test
    void interrupted() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                ec.request(EVENT, "x", PATIENT);
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        thread.start();
        stream.published();
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(thrown.get()).isInstanceOf(NatsInterruptedException.class);
        stream.awaitRest();
    }

    @Test
    void neverBlocksAnEventLoop() {
        assertThatThrownBy(() -> stream.nc
                        .direct()
                        .eventLoop()
                        .submit(() -> ec.request(EVENT, "x", PATIENT))
                        .get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }
}
