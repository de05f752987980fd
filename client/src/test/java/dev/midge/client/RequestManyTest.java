// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.RequestPeer.expectInbox;
import static dev.midge.client.RequestPeer.expectRequest;
import static dev.midge.client.Session.msg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.midge.client.Responses.End;
import dev.midge.protocol.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R-D5, ADR-47: every way in which responses end and can be consumed, byte by byte and in virtual time. */
@SuppressWarnings("NullAway.Init") // each test opens its session
class RequestManyTest {
    private static final Duration LITTLE = Duration.ofMillis(50);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final VirtualTime time = new VirtualTime();
    private Session session;
    private String replyTo;

    @AfterEach
    void end() {
        if (session != null) {
            session.close();
        }
        time.close();
    }

    private void open(Consumer<OptionsBuilder> change) throws Exception {
        session = Session.open(options -> {
            options.eventLoops(time.eventLoops()).pingInterval(Duration.ZERO).requestTimeout(WAIT);
            change.accept(options);
        });
    }

    /** Makes the first request of the connection, and takes it. */
    private Responses ask(RequestManyOptions options) throws Exception {
        open(change -> {});
        Responses responses = session.nc.requestMany("a", new byte[] {'x'}, options);
        taken();
        return responses;
    }

    private void taken() {
        expectInbox(session.peer);
        replyTo = expectRequest(session.peer).replyTo();
    }

    /** One response for each payload, and returns when all have come. */
    private void reply(String... payloads) {
        for (String payload : payloads) {
            session.peer.send(msg(replyTo, 1, payload));
        }
        session.barrier();
    }

    private static RequestManyOptions.Builder options() {
        return RequestManyOptions.builder();
    }

    private static List<String> texts(Responses responses) {
        return responses.toList().stream().map(Message::text).toList();
    }

    private static End ended(Responses responses) throws Exception {
        End end = responses.ended().toCompletableFuture().get(Session.LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(responses.end()).isEqualTo(end);
        return end;
    }

    private static @Nullable Status statusOf(Responses responses) {
        Message message = responses.status();
        return message == null ? null : message.headers().status();
    }

    private void assertForgotten() {
        assertThat(session.nc.requests().pending()).isZero();
    }

    @Test
    void maxMessages() throws Exception {
        Responses responses = ask(RequestManyOptions.maxMessages(2));
        reply("1");
        assertThat(session.nc.requests().pending()).isOne();
        reply("2", "3");
        assertForgotten();
        assertThat(responses.end()).as("there are some to be consumed").isNull();
        assertThat(texts(responses)).containsExactly("1", "2");
        assertThat(ended(responses)).isEqualTo(End.MAX_MESSAGES);
        assertThat(session.nc.statistics().lateReplies()).isOne();
        session.expectNothingSent(); // all this on the inbox that there is
    }

    @Test
    void maxWait() throws Exception {
        Responses responses = ask(RequestManyOptions.timeout(SECOND));
        reply("1");
        time.advance(SECOND.minusMillis(1));
        assertThat(session.nc.requests().pending()).isOne();
        time.advance(LITTLE);
        assertForgotten();
        assertThat(texts(responses)).containsExactly("1");
        assertThat(ended(responses)).isEqualTo(End.MAX_WAIT);
    }

    /** That of the connection; and nothing that came is no failure. */
    @Test
    void maxWaitOfTheConnection() throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        time.advance(WAIT.minusMillis(1));
        assertThat(responses.end()).isNull();
        time.advance(LITTLE);
        assertThat(ended(responses)).isEqualTo(End.MAX_WAIT);
        assertThat(responses.toList()).isEmpty();
        assertThat(Options.builder().build().requestTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    /** Not before the first response. */
    @Test
    void stall() throws Exception {
        Responses responses = ask(RequestManyOptions.stall(SECOND));
        time.advance(SECOND.multipliedBy(3));
        assertThat(responses.end()).isNull();
        for (int i = 0; i < 3; i++) {
            reply("x");
            time.advance(SECOND.minusMillis(1));
            assertThat(session.nc.requests().pending()).isOne();
        }
        time.advance(LITTLE);
        assertForgotten();
        assertThat(responses.toList()).hasSize(3);
        assertThat(ended(responses)).isEqualTo(End.STALL);
    }

    /** Each wait is the shorter of the stall and what remains. */
    @Test
    void stallWithinMaxWait() throws Exception {
        Responses responses =
                ask(options().maxWait(SECOND).stall(Duration.ofMillis(400)).build());
        for (int i = 0; i < 3; i++) {
            time.advance(Duration.ofMillis(300));
            reply("x");
        }
        time.advance(Duration.ofMillis(99));
        assertThat(session.nc.requests().pending()).isOne();
        time.advance(LITTLE);
        assertThat(responses.toList()).hasSize(3);
        assertThat(ended(responses)).isEqualTo(End.MAX_WAIT);
    }

    /** Below 1 ms, or not below the longest wait. */
    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 999_999, 1_000_000_000, Long.MAX_VALUE})
    void stallsThatAreNone(long nanos) throws Exception {
        Responses responses =
                ask(options().maxWait(SECOND).stall(Duration.ofNanos(nanos)).build());
        reply("x");
        time.advance(SECOND.minusMillis(1));
        assertThat(session.nc.requests().pending()).isOne();
        time.advance(LITTLE);
        assertThat(responses.toList()).hasSize(1);
        assertThat(ended(responses)).isEqualTo(End.MAX_WAIT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sentinel(boolean included) throws Exception {
        Responses responses = ask(options()
                .sentinel(message -> message.text().equals("last"))
                .includeSentinel(included)
                .build());
        reply("1", "2", "last", "behind");
        assertThat(texts(responses)).isEqualTo(included ? List.of("1", "2", "last") : List.of("1", "2"));
        assertThat(ended(responses)).isEqualTo(End.SENTINEL);
        assertForgotten();
        session.expectNothingSent();
    }

    /** True ends it, be it the first; what throws does not. */
    @Test
    void sentinelThatThrows() throws Exception {
        Responses responses = ask(RequestManyOptions.sentinel(message -> {
            if (message.text().equals("1")) {
                throw new IllegalStateException("mine");
            }
            return true;
        }));
        reply("1", "2");
        assertThat(texts(responses)).containsExactly("1");
        assertThat(ended(responses)).isEqualTo(End.SENTINEL);
        assertThat(session.events.await(ConnectionEvent.HandlerFailed.class).cause())
                .hasMessage("mine");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void standardSentinel(boolean included) throws Exception {
        Responses responses =
                ask(options().standardSentinel().includeSentinel(included).build());
        reply("1", "2", "", "behind");
        assertForgotten();
        assertThat(texts(responses)).isEqualTo(included ? List.of("1", "2", "") : List.of("1", "2"));
        assertThat(ended(responses)).isEqualTo(End.SENTINEL);
    }

    /** The first of all that was asked for ends it. */
    @ParameterizedTest
    @CsvSource({"'1,2,3', 3, MAX_MESSAGES", "'1,2,last', 2, SENTINEL", "'1,,2', 1, SENTINEL", "'1,2', 2, STALL"})
    void combined(String payloads, int count, End end) throws Exception {
        Responses responses = ask(options()
                .maxWait(WAIT)
                .maxMessages(3)
                .stall(SECOND)
                .sentinel(message -> message.text().equals("last"))
                .standardSentinel()
                .build());
        reply(payloads.split(","));
        if (end == End.STALL) {
            time.advance(SECOND.plus(LITTLE));
        }
        assertThat(responses.toList()).hasSize(count);
        assertThat(ended(responses)).isEqualTo(end);
        assertForgotten();
    }

    @Test
    void noResponders() throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        session.peer.send(RequestPeer.noResponders(replyTo));
        assertThat(ended(responses)).isEqualTo(End.NO_RESPONDERS);
        assertForgotten();
        assertThat(statusOf(responses)).isEqualTo(new Status(503, ""));
        assertThat(responses.iterator().hasNext()).isFalse();
        assertThatExceptionOfType(NoRespondersException.class)
                .isThrownBy(responses::toList)
                .withMessageContaining("subscribed to a ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"503", "408 Request Timeout"})
    void status(String status) throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        reply("1");
        String block = "NATS/1.0 " + status + "\r\n\r\n";
        session.peer.send("HMSG " + replyTo + " 1 " + block.length() + " " + block.length() + "\r\n" + block + "\r\n");
        assertThat(texts(responses)).containsExactly("1");
        assertThat(ended(responses)).isEqualTo(End.STATUS);
        assertThat(statusOf(responses)).hasToString(status);
        assertForgotten();
    }

    /** Headers alone are none. */
    @Test
    void headersAreNoStatus() throws Exception {
        Responses responses = ask(RequestManyOptions.maxMessages(1));
        session.peer.send("HMSG " + replyTo + " 1 18 19\r\nNATS/1.0\r\nN: 1\r\n\r\nx\r\n");
        assertThat(responses.toList().get(0).headers().get("N")).isEqualTo("1");
        assertThat(responses.status()).isNull();
    }

    @Test
    void closed() throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        reply("1");
        responses.close();
        assertForgotten();
        assertThat(ended(responses)).isEqualTo(End.CANCELLED);
        assertThat(responses.toList()).isEmpty();
        reply("late");
        assertThat(session.nc.statistics().lateReplies()).isOne();
        responses.close();
        assertThat(responses.end()).isEqualTo(End.CANCELLED);
    }

    /** Behind the end, closing changes nothing. */
    @Test
    void closedBehindTheEnd() throws Exception {
        Responses responses = ask(RequestManyOptions.maxMessages(1));
        reply("1");
        for (Message message : responses) {
            assertThat(message.text()).isEqualTo("1");
        }
        responses.close();
        assertThat(ended(responses)).isEqualTo(End.MAX_MESSAGES);
    }

    @Test
    void aStream() throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        reply("1", "2", "3");
        try (Stream<Message> stream = responses.stream()) {
            assertThat(stream.limit(2).map(Message::text)).containsExactly("1", "2");
        }
        assertThat(ended(responses)).isEqualTo(End.CANCELLED);
        assertForgotten();
    }

    @Test
    void theServerIsLost() throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        reply("1");
        Received received = new Received(10);
        responses.publisher().subscribe(received);
        session.peer.close();
        assertThat(ended(responses)).isEqualTo(End.CONNECTION_LOST);
        assertThat(received.awaitEnd()).isInstanceOf(ConnectionClosedException.class);
        assertThat(received.texts()).containsExactly("1");
    }

    /** What came before is there; the end says that it may not be all. */
    @Test
    void theConnectionIsClosed() throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        reply("1");
        CompletableFuture<Void> closed = session.nc.closeAsync();
        session.peer.expect("PING\r\n").send("PONG\r\n");
        closed.get(Session.LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(texts(responses)).containsExactly("1");
        assertThat(ended(responses)).isEqualTo(End.CONNECTION_LOST);
        assertThatExceptionOfType(ConnectionClosedException.class)
                .isThrownBy(() -> session.nc.requestMany("a", new byte[0], RequestManyOptions.DEFAULTS));
    }

    @Test
    void denied() throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        session.peer.send("-ERR 'Permissions Violation for Publish to \"a\"'\r\n");
        assertThat(ended(responses)).isEqualTo(End.DENIED);
        assertThatExceptionOfType(ServerErrorException.class).isThrownBy(responses::toList);
        assertForgotten();
    }

    /** The time that the consumer takes is not charged, to the longest wait neither. */
    @Test
    void anIteratorThatTakesItsTime() throws Exception {
        Responses responses =
                ask(options().maxWait(SECOND).stall(Duration.ofMillis(300)).build());
        Iterator<Message> iterator = responses.iterator();
        time.advance(Duration.ofMillis(200)); // 800 ms remain
        reply("1");
        assertThat(iterator.next().text()).isEqualTo("1");
        time.advance(Duration.ofDays(1));
        reply("2");
        time.advance(Duration.ofDays(1));
        assertThat(iterator.next().text()).isEqualTo("2");
        time.advance(Duration.ofDays(1));
        for (int i = 3; i <= 4; i++) {
            AtomicReference<String> next = new AtomicReference<>();
            Waiting waiting = Waiting.in(() -> next.set(iterator.next().text()));
            time.advance(Duration.ofMillis(290));
            assertThat(session.nc.requests().pending()).isOne();
            reply(Integer.toString(i));
            assertThat(waiting.failure()).isNull();
            assertThat(next.get()).isEqualTo(Integer.toString(i));
            time.advance(Duration.ofDays(1));
        }
        AtomicReference<Boolean> more = new AtomicReference<>();
        Waiting waiting = Waiting.in(() -> more.set(iterator.hasNext())); // 220 ms remain
        time.advance(Duration.ofMillis(219));
        assertThat(session.nc.requests().pending()).isOne();
        time.advance(LITTLE);
        assertThat(waiting.failure()).isNull();
        assertThat(more.get()).isFalse();
        assertThat(ended(responses)).isEqualTo(End.MAX_WAIT);
    }

    /** On the event loop, so that time passes while it runs and not before it has. */
    @Test
    void aHandlerThatTakesItsTime() throws Exception {
        open(options -> options.executor(Runnable::run));
        List<String> handled = new ArrayList<>();
        Responses responses = session.nc.requestMany(
                Message.to("a").build(),
                options().maxWait(SECOND).stall(Duration.ofMillis(300)).build(),
                message -> {
                    time.pass(Duration.ofDays(1));
                    handled.add(message.text());
                });
        taken();
        for (int i = 0; i < 3; i++) {
            time.advance(Duration.ofMillis(290));
            reply("x"); // 130 ms remain behind the last
        }
        time.advance(Duration.ofMillis(129));
        assertThat(session.nc.requests().pending()).isOne();
        time.advance(LITTLE);
        assertThat(ended(responses)).isEqualTo(End.MAX_WAIT);
        assertThat(handled).hasSize(3);
        assertThatIllegalStateException().isThrownBy(responses::iterator);
        assertThatIllegalStateException().isThrownBy(responses::toList);
    }

    /** What ends it is told when the last handler has returned. */
    @Test
    void endsBehindTheLastHandler() throws Exception {
        open(options -> {});
        Gate gate = new Gate();
        Responses responses = session.nc.requestMany(Message.to("a").build(), RequestManyOptions.maxMessages(2), gate);
        taken();
        reply("1", "2");
        gate.awaitEntered(1);
        assertForgotten();
        assertThat(responses.end()).isNull();
        gate.let(1);
        gate.awaitEntered(2);
        assertThat(responses.end()).isNull();
        gate.open();
        assertThat(ended(responses)).isEqualTo(End.MAX_MESSAGES);
    }

    @Test
    void aHandlerWithASentinel() throws Exception {
        open(options -> {});
        List<String> handled = new ArrayList<>();
        Responses responses = session.nc.requestMany(
                Message.to("a").build(),
                RequestManyOptions.sentinel(message -> message.text().equals("last")),
                message -> handled.add(message.text()));
        taken();
        reply("1", "last", "behind");
        assertThat(ended(responses)).isEqualTo(End.SENTINEL);
        assertThat(handled).containsExactly("1");
        assertForgotten();
    }

    /** R-D5: as much as is demanded, and no time is charged while nothing is. */
    @Test
    void aPublisher() throws Exception {
        open(options -> options.executor(Runnable::run));
        Responses responses = session.nc.requestMany("a", new byte[0], RequestManyOptions.timeout(SECOND));
        taken();
        CompletableFuture<Flow.Subscription> demand = new CompletableFuture<>();
        Received received = new Received(1) {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                demand.complete(subscription);
                super.onSubscribe(subscription);
            }
        };
        responses.publisher().subscribe(received);
        reply("1", "2", "3");
        assertThat(received.texts()).containsExactly("1");
        time.advance(Duration.ofDays(1));
        assertThat(session.nc.requests().pending()).isOne();
        demand.join().request(1);
        assertThat(received.texts()).containsExactly("1", "2");
        time.advance(Duration.ofDays(1));
        demand.join().request(10);
        assertThat(received.texts()).containsExactly("1", "2", "3");
        time.advance(SECOND.plus(LITTLE));
        assertThat(received.awaitEnd()).isNull();
        assertThat(ended(responses)).isEqualTo(End.MAX_WAIT);
    }

    /** R-D5: cancelling unsubscribes. */
    @Test
    void aPublisherThatIsCancelled() throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        CompletableFuture<Flow.Subscription> demand = new CompletableFuture<>();
        responses.publisher().subscribe(new Received(1) {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                demand.complete(subscription);
            }
        });
        demand.get(Session.LONG.toSeconds(), TimeUnit.SECONDS).cancel();
        assertForgotten();
        assertThat(ended(responses)).isEqualTo(End.CANCELLED);
    }

    /** No more wait for their consumer than the limits say; what is dropped is told. */
    @Test
    void pendingLimits() throws Exception {
        open(options -> options.pendingLimits(2, 1 << 20));
        Responses responses = session.nc.requestMany("a", new byte[0], RequestManyOptions.maxMessages(3));
        taken();
        reply("1", "2", "3");
        assertThat(texts(responses)).containsExactly("1", "2");
        assertThat(ended(responses)).isEqualTo(End.MAX_MESSAGES);
        assertThat(responses.droppedMessages()).isOne();
        assertThat(session.nc.statistics().droppedMessages()).isOne();
        assertThat(session.events
                        .await(ConnectionEvent.SlowConsumer.class)
                        .subscription()
                        .toString())
                .isEqualTo("Responses to a");
    }

    /** A subscription of its own, which ends with it. */
    @Test
    void oldStyle() throws Exception {
        open(options -> options.oldRequestStyle(true));
        Responses responses = session.nc.requestMany("a", new byte[0], RequestManyOptions.maxMessages(2));
        String inbox = RequestPeer.words(session.peer.readLine()).get(1);
        replyTo = expectRequest(session.peer).replyTo();
        assertThat(replyTo).isEqualTo(inbox);
        session.peer.send(msg(inbox, 1, "1") + msg(inbox, 1, "2")).expect("UNSUB 1\r\n");
        assertThat(texts(responses)).containsExactly("1", "2");
        assertThat(ended(responses)).isEqualTo(End.MAX_MESSAGES);
        assertForgotten();
    }

    /** A response can be answered, as any message. */
    @Test
    void respond() throws Exception {
        Responses responses = ask(RequestManyOptions.maxMessages(1));
        session.peer.send("MSG " + replyTo + " 1 back 1\r\nx\r\n");
        responses.toList().get(0).respond("y");
        session.peer.expect("PUB back 1\r\ny\r\n");
    }

    @Test
    void doesNotWaitOnAnEventLoop() throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        session.nc.lifecycle().onLoop(() -> {
            try {
                responses.toList();
            } catch (IllegalStateException e) {
                thrown.complete(e);
            }
        });
        assertThat(thrown.get(Session.LONG.toSeconds(), TimeUnit.SECONDS)).hasMessageContaining("event loop");
    }

    /** toList closes what it does not wait for any more. */
    @Test
    void isInterrupted() throws Exception {
        Responses responses = ask(RequestManyOptions.DEFAULTS);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                responses.toList();
            } catch (NatsInterruptedException e) {
                thrown.complete(e);
            }
        });
        thread.start();
        thread.interrupt();
        assertThat(thrown.get(Session.LONG.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        assertThat(ended(responses)).isEqualTo(End.CANCELLED);
        assertForgotten();
    }

    @Test
    void refusesBadOptions() {
        for (Duration wait : new Duration[] {Duration.ZERO, Duration.ofNanos(-1)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RequestManyOptions.timeout(wait))
                    .withMessage("maxWait is " + wait + ": must be above 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Options.builder().requestTimeout(wait))
                    .withMessage("requestTimeout is " + wait + ": must be above 0");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestManyOptions.maxMessages(0))
                .withMessage("maxMessages is 0: must be above 0");
    }
}
