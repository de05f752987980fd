// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.midge.client.Responses.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** R-D5, ADR-47: every way in which responses can be consumed, byte by byte and in virtual time. */
class ResponsesTest extends RequestManyCase {
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
}
