// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.RequestPeer.expectFirst;
import static dev.midge.client.RequestPeer.expectInbox;
import static dev.midge.client.RequestPeer.expectRequest;
import static dev.midge.client.RequestPeer.noResponders;
import static dev.midge.client.Session.LONG;
import static dev.midge.client.Session.msg;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.midge.client.RequestPeer.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and their replies, byte by byte. */
class RequestTest {
    private static Message get(CompletableFuture<Message> reply) throws Exception {
        return reply.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** core.md 1.12: one wildcard subscription, made by the first request, for all of them. */
    @Test
    void oneInboxForAllRequests() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> one = session.nc.requestAsync("a", "x", LONG);
            String inbox = expectInbox(session.peer);
            assertThat(inbox).matches("_INBOX\\.[0-9A-Za-z]{22}\\.\\*");
            Asked first = expectRequest(session.peer);
            assertThat(first.subject()).isEqualTo("a");
            assertThat(first.payload()).isEqualTo("x");
            assertThat(first.replyTo()).startsWith(inbox.substring(0, inbox.length() - 1));

            CompletableFuture<Message> two = session.nc.requestAsync("b", "yy", LONG);
            Asked second = expectRequest(session.peer);
            assertThat(second.payload()).isEqualTo("yy");
            assertThat(second.replyTo()).isNotEqualTo(first.replyTo());
            session.peer.send(msg(second.replyTo(), 1, "to b") + msg(first.replyTo(), 1, "to a"));
            assertThat(get(one).text()).isEqualTo("to a");
            assertThat(get(one).subject()).isEqualTo(first.replyTo());
            assertThat(get(two).text()).isEqualTo("to b");
            assertThat(session.nc.requests().pending()).isZero();
        }
    }

    @Test
    void waitsForTheReply() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> reply = new CompletableFuture<>();
            Waiting waiting = Waiting.in(() -> reply.complete(session.nc.request("a", new byte[] {'x'}, LONG)));
            session.peer.send(msg(expectFirst(session.peer).replyTo(), 1, "here"));
            assertThat(waiting.failure()).isNull();
            assertThat(get(reply).text()).isEqualTo("here");
        }
    }

    /** With headers, as HPUB; a reply-to of its own is not used. */
    @Test
    void sendsAMessageWithHeaders() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> reply = session.nc.requestAsync(
                    Message.to("a").replyTo("mine").header("N", "1").data("x").build(), LONG);
            expectInbox(session.peer);
            var hpub = RequestPeer.words(session.peer.readLine());
            assertThat(hpub).hasSize(5).startsWith("HPUB", "a").endsWith("18", "19");
            session.peer.expect("NATS/1.0\r\nN: 1\r\n\r\nx\r\n");
            session.peer.send("HMSG " + hpub.get(2) + " 1 back 18 20\r\nNATS/1.0\r\nN: 2\r\n\r\nyy\r\n");
            assertThat(get(reply).headers().get("N")).isEqualTo("2");
            assertThat(get(reply).text()).isEqualTo("yy");
            get(reply).respond("thanks");
            session.peer.expect("PUB back 6\r\nthanks\r\n");
        }
    }

    /** R-D1: at once, each of several. */
    @Test
    void nobodyResponds() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> one = session.nc.requestAsync("a", "x", LONG);
            CompletableFuture<Message> two = session.nc.requestAsync("a", "x", LONG);
            expectInbox(session.peer);
            session.peer.send(noResponders(expectRequest(session.peer).replyTo())
                    + noResponders(expectRequest(session.peer).replyTo()));
            for (CompletableFuture<Message> reply : List.of(one, two)) {
                assertThat(Waiting.failure(reply))
                        .isInstanceOf(NoRespondersException.class)
                        .hasMessage("nobody is subscribed to a to answer the request (status 503)");
            }
            Waiting waiting = Waiting.in(() -> session.nc.request("b", "x", LONG));
            session.peer.send(noResponders(expectRequest(session.peer).replyTo()));
            assertThat(waiting.failure()).isInstanceOf(NoRespondersException.class);
        }
    }

    /** What says 503 and more is an answer, and so is any other status. */
    @Test
    void otherStatusesAreReplies() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> one = session.nc.requestAsync("a", "x", LONG);
            String replyTo = expectFirst(session.peer).replyTo();
            session.peer.send("HMSG " + replyTo + " 1 16 17\r\nNATS/1.0 503\r\n\r\n!\r\n");
            assertThat(get(one).text()).isEqualTo("!");
            CompletableFuture<Message> two = session.nc.requestAsync("a", "x", LONG);
            replyTo = expectRequest(session.peer).replyTo();
            session.peer.send("HMSG " + replyTo + " 1 16 16\r\nNATS/1.0 404\r\n\r\n\r\n");
            assertThat(get(two).statusCode()).isEqualTo(404);
            CompletableFuture<Message> three = session.nc.requestAsync("a", "x", LONG);
            replyTo = expectRequest(session.peer).replyTo();
            session.peer.send("HMSG " + replyTo + " 1 12 12\r\nnonsense\r\n\r\n\r\n");
            assertThat(get(three).size()).isZero();
        }
    }

    /** R-D2: the entry goes at once, and what comes then is dropped and counted. */
    @Test
    void cancelledAndThenAnswered() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> cancelled = session.nc.requestAsync("a", "x", LONG);
            CompletableFuture<Message> completed = session.nc.requestAsync("a", "x", LONG);
            CompletableFuture<Message> failed = session.nc.requestAsync("a", "x", LONG);
            assertThat(session.nc.requests().pending()).isEqualTo(3);
            assertThat(cancelled.cancel(true)).isTrue();
            assertThat(session.nc.requests().pending()).isEqualTo(2);
            assertThat(completed.complete(Message.to("mine").build())).isTrue();
            assertThat(session.nc.requests().pending()).isEqualTo(1);
            assertThat(failed.completeExceptionally(new IllegalStateException("mine")))
                    .isTrue();
            assertThat(session.nc.requests().pending()).isZero();

            expectInbox(session.peer);
            for (int i = 0; i < 3; i++) {
                session.peer.send(msg(expectRequest(session.peer).replyTo(), 1, "late"));
            }
            session.barrier();
            assertThat(session.nc.statistics().lateReplies()).isEqualTo(3);
            assertThat(cancelled).isCancelled();
            assertThat(get(completed).subject()).isEqualTo("mine");
        }
    }

    /** A second reply, of another responder, is late as well. */
    @Test
    void theFirstReplyCounts() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> reply = session.nc.requestAsync("a", "x", LONG);
            String replyTo = expectFirst(session.peer).replyTo();
            session.peer.send(msg(replyTo, 1, "first") + msg(replyTo, 1, "second"));
            session.barrier();
            assertThat(get(reply).text()).isEqualTo("first");
            assertThat(session.nc.statistics().lateReplies()).isOne();
        }
    }

    /** core.md 1.12: a reply that an account's mapping gave another subject goes to the one request that waits. */
    @Test
    void aMappedReplyIsForTheOnlyRequest() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> reply = session.nc.requestAsync("a", "x", LONG);
            String inbox = expectInbox(session.peer);
            expectRequest(session.peer);
            session.peer.send(msg(inbox.substring(0, inbox.length() - 1) + "other", 1, "mapped"));
            assertThat(get(reply).text()).isEqualTo("mapped");
            assertThat(get(reply).subject()).endsWith(".other");
            CompletableFuture<Message> next = session.nc.requestAsync("a", "x", LONG);
            expectRequest(session.peer);
            session.peer.send(msg("elsewhere", 1, "mapped"));
            assertThat(get(next).subject()).isEqualTo("elsewhere");
        }
    }

    @Test
    void aMappedReplyIsNobodysAmongSeveral() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> one = session.nc.requestAsync("a", "x", LONG);
            CompletableFuture<Message> two = session.nc.requestAsync("a", "x", LONG);
            String replyTo = expectFirst(session.peer).replyTo();
            expectRequest(session.peer);
            session.peer.send(msg("elsewhere", 1, "mapped"));
            session.barrier();
            assertThat(session.nc.statistics().lateReplies()).isOne();
            assertThat(one).isNotDone();
            assertThat(two).isNotDone();
            session.peer.send(msg(replyTo, 1, "here"));
            assertThat(get(one).text()).isEqualTo("here");
        }
    }

    /** A late reply to one request is not taken for a mapped one to the other that waits. */
    @Test
    void aLateReplyIsNotMapped() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> gone = session.nc.requestAsync("a", "x", LONG);
            String late = expectFirst(session.peer).replyTo();
            gone.cancel(false);
            CompletableFuture<Message> waits = session.nc.requestAsync("a", "x", LONG);
            String replyTo = expectRequest(session.peer).replyTo();
            session.peer.send(msg(late, 1, "late")).send(msg(replyTo, 1, "mine"));
            assertThat(get(waits).text()).isEqualTo("mine");
            assertThat(session.nc.statistics().lateReplies()).isOne();
        }
    }

    @Test
    void customInboxPrefix() throws Exception {
        try (Session session = Session.open(options -> options.inboxPrefix("mine.too"))) {
            CompletableFuture<Message> reply = session.nc.requestAsync("a", "x", LONG);
            assertThat(expectInbox(session.peer)).matches("mine\\.too\\.[0-9A-Za-z]{22}\\.\\*");
            session.peer.send(msg(expectRequest(session.peer).replyTo(), 1, "here"));
            assertThat(get(reply).text()).isEqualTo("here");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "a.*", ">", "a b", "a*", "ä"})
    void inboxPrefixesThatAreNone(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.builder().inboxPrefix(prefix))
                .withMessageContaining("inbox prefix");
    }

    @Test
    void inboxPrefixThatIsTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.builder().inboxPrefix("x".repeat(257)))
                .withMessage("inboxPrefix has 257 characters: must have at most 256");
        assertThat(Options.builder().inboxPrefix("x".repeat(256)).build().inboxPrefix())
                .hasSize(256);
    }

    /** An inbox for each request, for one message. */
    @Test
    void oldStyle() throws Exception {
        try (Session session = Session.open(options -> options.oldRequestStyle(true))) {
            CompletableFuture<Message> reply = session.nc.requestAsync("a", "x", LONG);
            String subject = RequestPeer.words(session.peer.readLine()).get(1);
            assertThat(subject).matches("_INBOX\\.[0-9A-Za-z]{22}");
            session.peer.expect("UNSUB 1 1\r\n");
            assertThat(expectRequest(session.peer).replyTo()).isEqualTo(subject);
            session.peer.send(msg(subject, 1, "here"));
            assertThat(get(reply).text()).isEqualTo("here");
            session.expectNothingSent();

            CompletableFuture<Message> cancelled = session.nc.requestAsync("a", "x", LONG);
            String second = RequestPeer.words(session.peer.readLine()).get(1);
            assertThat(second).isNotEqualTo(subject);
            session.peer.expect("UNSUB 2 1\r\n");
            expectRequest(session.peer);
            cancelled.cancel(false);
            session.peer.expect("UNSUB 2\r\n");
            session.peer.send(msg(second, 2, "late"));
            session.barrier();
            Statistics statistics = session.nc.statistics(); // the event loop may have removed the subscription already
            assertThat(statistics.unmatchedMessages() + statistics.lateReplies())
                    .isOne();
            assertThat(session.nc.requests().pending()).isZero();
        }
    }

    @Test
    void refusesBadArguments() throws Exception {
        try (Session session = Session.open()) {
            for (Duration timeout : new Duration[] {null, Duration.ZERO, Duration.ofNanos(-1)}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> session.nc.request("a", "x", timeout))
                        .withMessageContaining("timeout is " + timeout + ": must be above 0");
                assertThatIllegalArgumentException().isThrownBy(() -> session.nc.requestAsync("a", "x", timeout));
            }
            assertThatIllegalArgumentException().isThrownBy(() -> session.nc.requestAsync("a b", "x", LONG));
            assertThatIllegalArgumentException().isThrownBy(() -> session.nc.request("", "x", LONG));
            assertThatExceptionOfType(PayloadTooLargeException.class)
                    .isThrownBy(() -> session.nc.requestAsync("a", new byte[(1 << 20) + 1], LONG));
            assertThat(session.nc.requests().pending()).isZero();
        }
    }

    @Test
    void doesNotWaitOnAnEventLoop() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            session.nc.lifecycle().onLoop(() -> {
                try {
                    session.nc.request("a", "x", LONG);
                } catch (Throwable e) {
                    thrown.complete(e);
                }
            });
            assertThat(thrown.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("request waits, which an event loop must not");
            assertThat(session.nc.requests().pending()).isZero();
        }
    }

    @Test
    void isInterrupted() throws Exception {
        try (Session session = Session.open()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                try {
                    session.nc.request("a", "x", LONG);
                } catch (NatsInterruptedException e) {
                    thrown.set(Thread.currentThread().isInterrupted() ? e : new AssertionError("flag not set", e));
                }
            });
            thread.start();
            expectFirst(session.peer);
            thread.interrupt();
            thread.join(LONG.toMillis());
            assertThat(thrown.get())
                    .isInstanceOf(NatsInterruptedException.class)
                    .hasMessage("request to a: interrupted while waiting for the reply");
            assertThat(session.nc.requests().pending()).isZero();
        }
    }

    /** R-D3: in a continuation, though it be on the only thread there is. */
    @Test
    void aBlockingRequestInAContinuation() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try (Session session = Session.open(options -> options.executor(single))) {
            CompletableFuture<Message> second = session.nc
                    .requestAsync("a", "x", LONG)
                    .thenApply(reply -> session.nc.request("b", reply.text(), LONG));
            session.peer.send(msg(expectFirst(session.peer).replyTo(), 1, "1"));
            Asked asked = expectRequest(session.peer);
            assertThat(asked.payload()).isEqualTo("1");
            session.peer.send(msg(asked.replyTo(), 1, "2"));
            assertThat(get(second).text()).isEqualTo("2");
        } finally {
            single.shutdown();
        }
        assertThat(single.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** R-D3: continuations that wait for each other, though their replies came together. */
    @Test
    void continuationsThatWaitForEachOther() throws Exception {
        try (Session session = Session.open()) {
            int count = 10;
            List<CompletableFuture<Message>> replies = new ArrayList<>();
            StringBuilder answers = new StringBuilder();
            for (int i = 0; i < count; i++) {
                replies.add(session.nc.requestAsync("a", "x", LONG));
            }
            List<CompletableFuture<String>> chained = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                CompletableFuture<Message> next = replies.get((i + 1) % count);
                chained.add(replies.get(i)
                        .thenApply(reply -> reply.text() + next.join().text()));
            }
            expectInbox(session.peer);
            for (int i = 0; i < count; i++) {
                answers.append(msg(expectRequest(session.peer).replyTo(), 1, Integer.toString(i)));
            }
            session.peer.send(answers.toString());
            for (int i = 0; i < count; i++) {
                assertThat(chained.get(i).get(LONG.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(i + "" + (i + 1) % count);
            }
        }
    }

    /** R-D3: what continuations of one burst publish leaves together, but not only when the last of them is over. */
    @Test
    void continuationsThatWaitForWhatTheyPublished() throws Exception {
        try (Session session = Session.open()) {
            int count = 4;
            for (int burst = 0; burst < 2; burst++) { // the event loop does not watch them at the first
                CompletableFuture<Void> answered = new CompletableFuture<>();
                List<CompletableFuture<Void>> ends = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    ends.add(session.nc.requestAsync("a", "x", LONG).thenAccept(reply -> {
                        session.nc.publish("b", reply.data());
                        answered.join();
                    }));
                }
                if (burst == 0) {
                    expectInbox(session.peer);
                }
                StringBuilder answers = new StringBuilder();
                for (int i = 0; i < count; i++) {
                    answers.append(msg(expectRequest(session.peer).replyTo(), 1, "y"));
                }
                session.peer.send(answers.toString());
                for (int i = 0; i < count; i++) {
                    session.peer.expect("PUB b 1\r\ny\r\n");
                }
                answered.complete(null);
                for (CompletableFuture<Void> end : ends) {
                    end.get(LONG.toSeconds(), TimeUnit.SECONDS);
                }
            }
        }
    }

    @Test
    void closeFailsThoseThatWait() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<Message> async = session.nc.requestAsync("a", "x", LONG);
            Waiting waiting = Waiting.in(() -> session.nc.request("a", "x", LONG));
            expectFirst(session.peer);
            expectRequest(session.peer);
            CompletableFuture<Void> closed = session.nc.closeAsync();
            session.peer.expect("PING\r\n").send("PONG\r\n");
            closed.get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(Waiting.failure(async)).isInstanceOf(ConnectionClosedException.class);
            assertThat(waiting.failure()).isInstanceOf(ConnectionClosedException.class);
            assertThat(Waiting.failure(session.nc.requestAsync("a", "x", LONG)))
                    .isInstanceOf(ConnectionClosedException.class);
            assertThatExceptionOfType(ConnectionClosedException.class)
                    .isThrownBy(() -> session.nc.request("a", "x", LONG));
            assertThat(session.nc.requests().pending()).isZero();
        }
    }

    /** Nothing to answer to. */
    @Test
    void respondWithoutAReplyTo() throws Exception {
        try (Session session = Session.open()) {
            Subscription sub = session.pull("a");
            session.peer.send(msg("a", sub.sid(), "x"));
            Message message = sub.next(LONG);
            for (Runnable respond : new Runnable[] {
                () -> message.respond("x"),
                () -> message.respond(new byte[1]),
                () -> message.respond(Message.to("any").build())
            }) {
                assertThatIllegalStateException()
                        .isThrownBy(respond::run)
                        .withMessage("cannot respond to the message to a: it has no reply-to");
            }
        }
    }
}
