// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.midge.protocol.Headers;
import dev.midge.testkit.base.ScriptedConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way to publish, as it is on the wire. */
class PublishTest {
    private static final String HEADERS = "NATS/1.0\r\na: 1\r\na: é\r\nB: \r\n\r\n";

    private static Message full(String payload) {
        return Message.to("a.b")
                .replyTo("in.box")
                .header("a", "1")
                .header("a", "é")
                .header("B", "")
                .data(payload)
                .build();
    }

    private static String hpub(String payload) {
        int headers = HEADERS.getBytes(UTF_8).length;
        return "HPUB a.b in.box " + headers + " " + (headers + payload.length()) + "\r\n" + HEADERS + payload + "\r\n";
    }

    @Test
    void textAndBytes() throws Exception {
        try (Session session = Session.open()) {
            session.nc.publish("a", "hellö");
            session.peer.expect("PUB a 6\r\nhellö\r\n");
            session.nc.publish("a", "");
            session.peer.expect("PUB a 0\r\n\r\n");
            session.nc.publish("ä.€", new byte[] {0, -1, '\r', '\n'});
            session.peer
                    .expect("PUB ä.€ 4\r\n")
                    .expect(new byte[] {0, -1, '\r', '\n'})
                    .expect("\r\n");
        }
    }

    @Test
    void partsOfArrays() throws Exception {
        byte[] data = "0123456789".getBytes(UTF_8);
        try (Session session = Session.open()) {
            session.nc.publish("a", data, 0, 10);
            session.nc.publish("a", data, 3, 4);
            session.nc.publish("a", data, 10, 0);
            session.peer.expect("PUB a 10\r\n0123456789\r\nPUB a 4\r\n3456\r\nPUB a 0\r\n\r\n");
            for (int[] bad : new int[][] {{-1, 3}, {0, 11}, {8, 3}, {3, -1}, {Integer.MAX_VALUE, 1}, {11, 0}}) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class)
                        .isThrownBy(() -> session.nc.publish("a", data, bad[0], bad[1]));
            }
            session.expectNothingSent();
        }
    }

    /** R-B10: what remains in it; its position stays. */
    @Test
    void buffersOfEveryKind() throws Exception {
        byte[] bytes = "0123456789".getBytes(UTF_8);
        ByteBuffer direct = ByteBuffer.allocateDirect(10).put(bytes).flip();
        ByteBuffer slice = ByteBuffer.wrap(bytes, 2, 8).slice();
        try (Session session = Session.open()) {
            for (ByteBuffer buffer : new ByteBuffer[] {
                ByteBuffer.wrap(bytes), direct, ByteBuffer.wrap(bytes).asReadOnlyBuffer(), direct.asReadOnlyBuffer()
            }) {
                buffer.position(3).limit(7);
                session.nc.publish("a", buffer);
                assertThat(buffer.position()).isEqualTo(3);
                assertThat(buffer.limit()).isEqualTo(7);
                session.peer.expect("PUB a 4\r\n3456\r\n");
            }
            slice.position(1);
            session.nc.publish("a", slice);
            session.nc.publish("a", ByteBuffer.allocate(0));
            session.peer.expect("PUB a 7\r\n3456789\r\nPUB a 0\r\n\r\n");
        }
    }

    @Test
    void messagesWithAllTheyHave() throws Exception {
        try (Session session = Session.open()) {
            session.nc.publish(full("hi"));
            session.peer.expect(hpub("hi"));
            session.nc.publish(Message.to("a").build());
            session.peer.expect("PUB a 0\r\n\r\n");
            session.nc.publish(Message.to("a").replyTo("b").data("x").build());
            session.peer.expect("PUB a b 1\r\nx\r\n");
            session.nc.publish(Message.to("a")
                    .header("gone", "1")
                    .headers(Headers.of("k", "v"))
                    .header("l", "w")
                    .build());
            session.peer.expect("HPUB a 24 24\r\nNATS/1.0\r\nk: v\r\nl: w\r\n\r\n\r\n");
            session.nc.publish(Message.to("a").headers(Headers.EMPTY).data("x").build());
            session.peer.expect("PUB a 1\r\nx\r\n");
        }
    }

    @Test
    void triedAndAsynchronous() throws Exception {
        try (Session session = Session.open()) {
            assertThat(session.nc.tryPublish("a", new byte[] {'x'})).isTrue();
            session.peer.expect("PUB a 1\r\nx\r\n");
            assertThat(session.nc.tryPublish(full("y"))).isTrue();
            session.peer.expect(hpub("y"));
            CompletableFuture<Void> first = session.nc.publishAsync("a", new byte[] {'z'});
            CompletableFuture<Void> second = session.nc.publishAsync(full("zz"));
            session.peer.expect("PUB a 1\r\nz\r\n").expect(hpub("zz"));
            first.get(30, TimeUnit.SECONDS);
            second.get(30, TimeUnit.SECONDS);
        }
    }

    /** R-F13. */
    @Test
    void futuresCompleteOffTheEventLoop() throws Exception {
        try (Session session = Session.open()) {
            CompletableFuture<String> published = new CompletableFuture<>();
            CompletableFuture<String> flushed = new CompletableFuture<>();
            session.nc.direct().subscribe("go", view -> {
                // on the event loop, which so cannot have completed them before something hangs on them
                CompletableFuture<?> first = session.nc
                        .publishAsync("a", new byte[0])
                        .thenRun(() -> published.complete(Thread.currentThread().getName()));
                CompletableFuture<?> second = session.nc
                        .flushAsync()
                        .thenRun(() -> flushed.complete(Thread.currentThread().getName()));
                assertThat(first).isNotSameAs(second);
            });
            session.peer.expect("SUB go 1\r\n").send(Session.msg("go", 1, ""));
            session.peer.expect("PUB a 0\r\n\r\nPING\r\n").send("PONG\r\n");
            assertThat(published.get(30, TimeUnit.SECONDS)).startsWith("nats-handler-");
            assertThat(flushed.get(30, TimeUnit.SECONDS)).startsWith("nats-handler-");
        }
    }

    /** Copied or by reference, the buffer stays the caller's and as it was. */
    @ParameterizedTest
    @CsvSource({"100, false", "100, true", "16384, false", "16384, true", "300000, true"})
    void netty(int size, boolean direct) throws Exception {
        ByteBuf payload = direct ? Unpooled.directBuffer(size + 2) : Unpooled.buffer(size + 2);
        payload.writeByte('<').writeZero(size).writeByte('>').setIndex(1, size + 1);
        try (Session session = Session.open()) {
            session.nc.direct().publish("a", payload);
            session.nc.direct().publish("a", "b", payload);
            assertThat(session.nc.direct().tryPublish("a", null, payload)).isTrue();
            assertThat(session.nc.direct().tryPublish("a", "b", payload)).isTrue();
            assertThat(payload.readerIndex()).isEqualTo(1);
            assertThat(payload.writerIndex()).isEqualTo(size + 1);
            for (String line : new String[] {"a", "a b", "a", "a b"}) {
                expectZeros(session.peer.expect("PUB " + line + " " + size + "\r\n"), size);
            }
            session.expectNothingSent();
            assertThat(payload.refCnt()).isEqualTo(1);
        } finally {
            payload.release();
        }
    }

    private static void expectZeros(ScriptedConnection peer, int size) {
        assertThat(peer.read(size)).containsOnly(0);
        peer.expect("\r\n");
    }

    @Test
    void anAnswerGoesToTheReplyTo() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.peer.send("MSG a 1 in.1 2\r\nhi\r\nMSG a 1 0\r\n\r\n");
            Message request = subscription.next(Session.LONG);
            request.respond("é");
            request.respond(new byte[] {'x'});
            request.respond(Message.to("ignored")
                    .replyTo("r")
                    .header("k", "v")
                    .data("y")
                    .build());
            session.peer
                    .expect("PUB in.1 2\r\né\r\nPUB in.1 1\r\nx\r\n")
                    .expect("HPUB in.1 r 18 19\r\nNATS/1.0\r\nk: v\r\n\r\ny\r\n");
            Message news = subscription.next(Session.LONG);
            assertThatIllegalStateException()
                    .isThrownBy(() -> news.respond("x"))
                    .withMessage("cannot respond to the message to a: it has no reply-to");
            Message own = Message.to("a").replyTo("b").build();
            assertThatIllegalStateException().isThrownBy(() -> own.respond("x"));
            session.expectNothingSent();
        }
    }

    /** A received message can be sent on, headers and all but a status. */
    @Test
    void aReceivedMessageCanBePublished() throws Exception {
        try (Session session = Session.open()) {
            Subscription subscription = session.pull("a");
            session.peer.send("HMSG a 1 r 18 19\r\nNATS/1.0\r\nk: v\r\n\r\nx\r\n");
            session.peer.send("HMSG a 1 25 25\r\nNATS/1.0 503 No\r\nk: v\r\n\r\n\r\n");
            session.nc.publish(subscription.next(Session.LONG));
            session.peer.expect("HPUB a r 18 19\r\nNATS/1.0\r\nk: v\r\n\r\nx\r\n");
            session.nc.publish(subscription.next(Session.LONG));
            session.peer.expect("HPUB a 18 18\r\nNATS/1.0\r\nk: v\r\n\r\n\r\n");
        }
    }

    /** R-B1: the order of the calls of a thread is that of the wire, whatever the calls. */
    @Test
    void keepsTheOrderOfAThread() throws Exception {
        StringBuilder expected = new StringBuilder();
        try (Session session = Session.open()) {
            for (int i = 0; i < 1000; i++) {
                switch (i % 5) {
                    case 0 -> session.nc.publish("a", String.valueOf(i));
                    case 1 -> session.nc.tryPublish("a", String.valueOf(i).getBytes(UTF_8));
                    case 2 -> {
                        CompletableFuture<Void> unused =
                                session.nc.publishAsync("a", String.valueOf(i).getBytes(UTF_8));
                    }
                    case 3 ->
                        session.nc.publish(
                                Message.to("a").data(String.valueOf(i)).build());
                    default -> {
                        Subscription unused = session.nc.subscribe("b");
                        expected.append("SUB b ").append(i / 5 + 1).append("\r\n");
                        continue;
                    }
                }
                int length = String.valueOf(i).length();
                expected.append("PUB a ")
                        .append(length)
                        .append("\r\n")
                        .append(i)
                        .append("\r\n");
            }
            session.peer.expect(expected.toString());
        }
    }
}
