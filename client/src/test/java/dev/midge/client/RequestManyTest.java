// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.RequestPeer.expectRequest;
import static dev.midge.client.Session.msg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.midge.client.Responses.End;
import dev.midge.protocol.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R-D5, ADR-47: every way in which responses end, byte by byte and in virtual time. */
class RequestManyTest extends RequestManyCase {
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

    /** A subscription of its own, which goes whatever the end is; but that which the server ended. */
    @ParameterizedTest
    @EnumSource
    void alwaysUnsubscribed(End end) throws Exception {
        open(options -> options.oldRequestStyle(true));
        Responses responses = session.nc.requestMany(
                "a",
                new byte[0],
                options()
                        .maxWait(WAIT)
                        .maxMessages(2)
                        .stall(SECOND)
                        .standardSentinel()
                        .build());
        session.peer.readLine();
        replyTo = expectRequest(session.peer).replyTo();
        switch (end) {
            case MAX_MESSAGES -> session.peer.send(msg(replyTo, 1, "1") + msg(replyTo, 1, "2"));
            case MAX_WAIT -> time.advance(WAIT.plus(LITTLE));
            case STALL -> {
                reply("1");
                time.advance(SECOND.plus(LITTLE));
            }
            case SENTINEL -> session.peer.send(msg(replyTo, 1, ""));
            case NO_RESPONDERS -> session.peer.send(RequestPeer.noResponders(replyTo));
            case STATUS -> session.peer.send(msg(replyTo, 1, "1") + RequestPeer.noResponders(replyTo));
            case CANCELLED -> responses.close();
            case CONNECTION_LOST -> session.peer.close();
            case DENIED -> session.peer.send("-ERR 'Permissions Violation for Publish to \"a\"'\r\n");
        }
        if (end != End.CONNECTION_LOST) {
            session.peer.expect("UNSUB 1\r\n");
        }
        responses.iterator().forEachRemaining(message -> {});
        assertThat(ended(responses)).isEqualTo(end);
        assertForgotten();
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
