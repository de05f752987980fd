// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.Headers;
import dev.midge.protocol.Status;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** All forms in which a message can be published, as a subscriber gets it. */
@NatsServerTest
class PublishIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServer server;

    PublishIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void textAndBytes() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("a.b");
            byte[] bytes = {0, 1, 2, 3, '\r', '\n', 6, -1};

            nc.publish("a.b", "grüße, 你好 🦟");
            nc.publish("a.b", bytes);
            nc.publish("a.b", bytes, 2, 5);
            nc.publish("a.b", bytes, 8, 0);
            nc.publish("a.b", new byte[0]);

            assertThat(sub.next(LONG).text()).isEqualTo("grüße, 你好 🦟");
            Message second = sub.next(LONG);
            assertThat(second.data()).isEqualTo(bytes);
            assertThat(second.subject()).isEqualTo("a.b");
            assertThat(second.replyTo()).isNull();
            assertThat(second.hasHeaders()).isFalse();
            assertThat(second.size()).isEqualTo(8);
            assertThat(sub.next(LONG).data()).isEqualTo(Arrays.copyOfRange(bytes, 2, 7));
            assertThat(sub.next(LONG).size()).isZero();
            assertThat(sub.next(LONG).size()).isZero();
        }
    }

    @Test
    void byteBuffersOfEveryKind() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("buffers");
            ByteBuffer heap =
                    ByteBuffer.wrap("..heap..".getBytes(UTF_8)).position(2).limit(6);
            ByteBuffer slice =
                    ByteBuffer.wrap("__slice__".getBytes(UTF_8), 2, 5).slice();
            ByteBuffer direct = ByteBuffer.allocateDirect(16)
                    .put("-direct-".getBytes(UTF_8))
                    .flip()
                    .position(1);

            nc.publish("buffers", heap);
            nc.publish("buffers", slice);
            nc.publish("buffers", heap.asReadOnlyBuffer());
            nc.publish("buffers", direct);

            assertThat(sub.next(LONG).text()).isEqualTo("heap");
            assertThat(sub.next(LONG).text()).isEqualTo("slice");
            assertThat(sub.next(LONG).text()).isEqualTo("heap");
            assertThat(sub.next(LONG).text()).isEqualTo("direct-");
            assertThat(heap.position()).isEqualTo(2);
            assertThat(direct.remaining()).isEqualTo(7);
        }
    }

    /** R-B10: the array is the caller's again when publish returns. */
    @Test
    void arrayCanBeReusedAtOnce() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("reused");
            byte[] data = new byte[20_000];
            for (byte i = 0; i < 100; i++) {
                Arrays.fill(data, i);
                nc.publish("reused", data);
            }
            Arrays.fill(data, (byte) -1);
            for (byte i = 0; i < 100; i++) {
                byte[] expected = new byte[20_000];
                Arrays.fill(expected, i);
                assertThat(sub.next(LONG).data()).isEqualTo(expected);
            }
        }
    }

    @Test
    void headersAndReplyTo() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("with.*");
            Message sent = Message.to("with.headers")
                    .replyTo("answers.here")
                    .header("Trace", "1")
                    .header("trace", "lower")
                    .header("Trace", "2")
                    .header("Empty", "")
                    .header("Utf", "naïve 🦟: yes")
                    .data("payload")
                    .build();

            nc.publish(sent);
            nc.publish(Message.to("with.reply").replyTo("answers.there").build());
            nc.publish(
                    Message.to("with.header").headers(Headers.of("only", "one")).build());

            Message first = sub.next(LONG);
            assertThat(first.subject()).isEqualTo("with.headers");
            assertThat(first.replyTo()).isEqualTo("answers.here");
            assertThat(first.text()).isEqualTo("payload");
            assertThat(first.headers()).isEqualTo(sent.headers());
            assertThat(first.headers().all("Trace")).containsExactly("1", "2");
            assertThat(first.headers().get("trace")).isEqualTo("lower");
            assertThat(first.headers().get("Empty")).isEmpty();
            assertThat(first.headers().get("Utf")).isEqualTo("naïve 🦟: yes");
            Message second = sub.next(LONG);
            assertThat(second.replyTo()).isEqualTo("answers.there");
            assertThat(second.hasHeaders()).isFalse();
            assertThat(second.headers().isEmpty()).isTrue();
            Message third = sub.next(LONG);
            assertThat(third.headers()).isEqualTo(Headers.of("only", "one"));
            assertThat(third.size()).isZero();
        }
    }

    @Test
    void receivedMessageCanBePublishedOn() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("forward.>");
            nc.publish(Message.to("forward.first").header("k", "v").data("x").build());
            Message received = sub.next(LONG);
            nc.publish(Message.to("forward.second")
                    .headers(received.headers())
                    .data(received.data())
                    .build());
            Message forwarded = sub.next(LONG);
            assertThat(forwarded.subject()).isEqualTo("forward.second");
            assertThat(forwarded.headers().get("k")).isEqualTo("v");
            assertThat(forwarded.text()).isEqualTo("x");
        }
    }

    @Test
    void withoutWaitingAndAsynchronously() throws Exception {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("forms");
            assertThat(nc.tryPublish("forms", "try".getBytes(UTF_8))).isTrue();
            assertThat(nc.tryPublish(Message.to("forms")
                            .header("a", "b")
                            .data("try more")
                            .build()))
                    .isTrue();
            nc.publishAsync("forms", "async".getBytes(UTF_8)).get(30, TimeUnit.SECONDS);
            nc.publishAsync(Message.to("forms")
                            .header("a", "c")
                            .data("async more")
                            .build())
                    .get(30, TimeUnit.SECONDS);

            assertThat(sub.next(LONG).text()).isEqualTo("try");
            assertThat(sub.next(LONG).headers().get("a")).isEqualTo("b");
            assertThat(sub.next(LONG).text()).isEqualTo("async");
            assertThat(sub.next(LONG).headers().get("a")).isEqualTo("c");
            assertThat(nc.pendingMessages()).isZero();
            assertThat(nc.pendingBytes()).isZero();
        }
    }

    /** Small ones are copied, large ones are written by reference; the buffer stays the caller's. */
    @Test
    void nettyBuffers() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("netty");
            for (int size : new int[] {0, 1, 100, 16_383, 16_384, 100_000, 1 << 20}) {
                ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(size + 3);
                try {
                    byte[] expected = new byte[size];
                    new Random(size).nextBytes(expected);
                    buffer.writeZero(3).skipBytes(3).writeBytes(expected);

                    nc.direct().publish("netty", buffer);
                    nc.direct().publish("netty", "reply.to", buffer);
                    assertThat(nc.direct().tryPublish("netty", null, buffer)).isTrue();

                    assertThat(sub.next(LONG).data()).isEqualTo(expected);
                    Message second = sub.next(LONG);
                    assertThat(second.data()).isEqualTo(expected);
                    assertThat(second.replyTo()).isEqualTo("reply.to");
                    assertThat(sub.next(LONG).data()).isEqualTo(expected);
                    assertThat(buffer.readableBytes()).isEqualTo(size);
                    Eventually.isTrue("the buffer is the caller's alone", () -> buffer.refCnt() == 1);
                } finally {
                    buffer.release();
                }
            }
        }
    }

    @Test
    void largestPayload() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription sub = nc.subscribe("large");
            byte[] data = new byte[nc.serverInfo().maxPayload()];
            Arrays.fill(data, (byte) 'x');
            nc.publish("large", data);
            assertThat(sub.next(LONG).data()).isEqualTo(data);
        }
    }

    @Test
    void respondsToReplyTo() {
        try (Connection nc = Patient.connect(server.url())) {
            nc.subscribe("greet.*", msg -> msg.respond("hello " + msg.text()));
            nc.subscribe(
                    "trace.*",
                    msg -> msg.respond(Message.to("ignored")
                            .headers(msg.headers())
                            .data(msg.data())
                            .build()));
            Subscription inbox = nc.subscribe("my.inbox");
            nc.publish(Message.to("greet.joe").replyTo("my.inbox").data("joe").build());
            assertThat(inbox.next(LONG).text()).isEqualTo("hello joe");
            nc.publish(Message.to("trace.joe")
                    .replyTo("my.inbox")
                    .header("id", "7")
                    .build());
            assertThat(inbox.next(LONG).headers().get("id")).isEqualTo("7");
        }
    }

    /** The server answers a message with reply-to that nobody is there for. */
    @Test
    void noRespondersIsAMessageWithStatus() {
        try (Connection nc = Patient.connect(server.url())) {
            Subscription inbox = nc.subscribe("an.inbox");
            nc.publish(Message.to("nobody.home")
                    .replyTo("an.inbox")
                    .data("anyone?")
                    .build());
            Message answer = inbox.next(LONG);
            assertThat(answer.headers().status()).isEqualTo(new Status(503, ""));
            assertThat(answer.size()).isZero();
            assertThat(answer.replyTo()).isNull();
        }
    }
}
