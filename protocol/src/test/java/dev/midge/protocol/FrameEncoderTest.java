// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Frames out, byte for byte. */
class FrameEncoderTest {
    private static final byte[] HELLO = "hello".getBytes(UTF_8);
    private static final byte[] BLOCK = "NATS/1.0\r\nA: 1\r\n\r\n".getBytes(UTF_8);
    private static final byte[] NOTHING = {};

    private final FrameEncoder encoder = new FrameEncoder();

    private static String written(Consumer<ByteBuf> frame) {
        // starts too small, so that each frame has to make room
        ByteBuf out = Unpooled.buffer(1).writeByte('|');
        frame.accept(out);
        String text = out.toString(ISO_8859_1);
        out.release();
        assertThat(text).startsWith("|");
        return text.substring(1);
    }

    private String pub(String subject, @Nullable String replyTo, byte[] payload) {
        String inArray = written(out -> encoder.pub(out, subject, replyTo, payload, 0, payload.length));
        ByteBuf buffer = Unpooled.wrappedBuffer(payload);
        String inBuffer = written(out -> encoder.pub(out, subject, replyTo, buffer));
        assertThat(buffer.readerIndex()).isZero();
        assertThat(inBuffer).isEqualTo(inArray);
        return inArray;
    }

    private String hpub(String subject, @Nullable String replyTo, byte[] headers, byte[] payload) {
        return written(out -> encoder.hpub(out, subject, replyTo, headers, payload, 0, payload.length));
    }

    private static String latin1(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    @Test
    void withoutArguments() {
        assertThat(written(encoder::ping)).isEqualTo("PING\r\n");
        assertThat(written(encoder::pong)).isEqualTo("PONG\r\n");
    }

    @Test
    void connect() {
        assertThat(written(out -> encoder.connect(out, "{\"name\":\"Žofie 🦟\"}")))
                .isEqualTo(latin1("CONNECT {\"name\":\"Žofie 🦟\"}\r\n"));
        String json = "{\"jwt\":\"" + "x".repeat(10_000) + "\"}";
        assertThat(written(out -> encoder.connect(out, json))).isEqualTo("CONNECT " + json + "\r\n");
    }

    @Test
    void sub() {
        assertThat(written(out -> encoder.sub(out, "a.*.>", null, 1))).isEqualTo("SUB a.*.> 1\r\n");
        assertThat(written(out -> encoder.sub(out, "jobs", "workers", 22))).isEqualTo("SUB jobs workers 22\r\n");
        assertThat(written(out -> encoder.sub(out, "a", "q", Long.MAX_VALUE)))
                .isEqualTo("SUB a q 9223372036854775807\r\n");
        assertThat(written(out -> encoder.sub(out, "a", null, 0))).isEqualTo("SUB a 0\r\n");
    }

    @Test
    void unsub() {
        assertThat(written(out -> encoder.unsub(out, 1, 0))).isEqualTo("UNSUB 1\r\n");
        assertThat(written(out -> encoder.unsub(out, 1, 1))).isEqualTo("UNSUB 1 1\r\n");
        assertThat(written(out -> encoder.unsub(out, 99, 100))).isEqualTo("UNSUB 99 100\r\n");
        assertThat(written(out -> encoder.unsub(out, Long.MAX_VALUE, Long.MAX_VALUE)))
                .isEqualTo("UNSUB 9223372036854775807 9223372036854775807\r\n");
    }

    @Test
    void pub() {
        assertThat(pub("a", null, NOTHING)).isEqualTo("PUB a 0\r\n\r\n");
        assertThat(pub("a.b", null, HELLO)).isEqualTo("PUB a.b 5\r\nhello\r\n");
        assertThat(pub("a.b", "_INBOX.x", HELLO)).isEqualTo("PUB a.b _INBOX.x 5\r\nhello\r\n");
        assertThat(pub("žluť.🦟", "ответ", HELLO)).isEqualTo(latin1("PUB žluť.🦟 ответ 5\r\nhello\r\n"));
    }

    @Test
    void answer() {
        byte[] subject = "žluť.🦟".getBytes(UTF_8);
        for (int length = 0; length < 1024; length++) {
            byte[] payload = "x".repeat(length).getBytes(UTF_8);
            byte[] out = new byte[subject.length + length + 66];
            assertThat(FrameEncoder.fitsAnswer(subject, payload, out.length - 2))
                    .isTrue();
            int end = FrameEncoder.answer(out, 2, subject, payload);
            String expected = "PUB žluť.🦟 " + length + "\r\n" + "x".repeat(length) + "\r\n";
            assertThat(new String(out, 2, end - 2, UTF_8)).isEqualTo(expected);
            assertThat(FrameEncoder.fitsAnswer(subject, payload, out.length - 3))
                    .isFalse();
        }
        assertThat(FrameEncoder.fitsAnswer(subject, new byte[1024], 1 << 20)).isFalse();
    }

    @Test
    void hpub() {
        assertThat(hpub("a", null, BLOCK, NOTHING)).isEqualTo("HPUB a 18 18\r\nNATS/1.0\r\nA: 1\r\n\r\n\r\n");
        assertThat(hpub("a", null, BLOCK, HELLO)).isEqualTo("HPUB a 18 23\r\nNATS/1.0\r\nA: 1\r\n\r\nhello\r\n");
        assertThat(hpub("a", "r", BLOCK, HELLO)).isEqualTo("HPUB a r 18 23\r\nNATS/1.0\r\nA: 1\r\n\r\nhello\r\n");
        assertThat(hpub("ž", "ш", BLOCK, HELLO))
                .isEqualTo(latin1("HPUB ž ш 18 23\r\nNATS/1.0\r\nA: 1\r\n\r\nhello\r\n"));
    }

    @Test
    void aRangeOfAnArrayOrBuffer() {
        byte[] array = "say hello!".getBytes(UTF_8);
        assertThat(written(out -> encoder.pub(out, "a", null, array, 4, 5))).isEqualTo("PUB a 5\r\nhello\r\n");
        assertThat(written(out -> encoder.hpub(out, "a", null, BLOCK, array, 4, 5)))
                .endsWith("18 23\r\nNATS/1.0\r\nA: 1\r\n\r\nhello\r\n");
        ByteBuf buffer = Unpooled.wrappedBuffer(array).setIndex(4, 9);
        assertThat(written(out -> encoder.pub(out, "a", null, buffer))).isEqualTo("PUB a 5\r\nhello\r\n");
        assertThat(buffer.readerIndex()).isEqualTo(4);
        assertThat(buffer.readableBytes()).isEqualTo(5);
    }

    /** Around the sizes at which a frame is no longer put together in the encoder's own array. */
    @Test
    void payloadsOfAllSizes() {
        for (int length = 0; length < 2200; length++) {
            String payload = Vectors.payload(length);
            byte[] bytes = payload.getBytes(ISO_8859_1);
            assertThat(pub("some.subject", null, bytes))
                    .isEqualTo("PUB some.subject " + length + "\r\n" + payload + "\r\n");
            assertThat(hpub("some.subject", "r", BLOCK, bytes))
                    .isEqualTo("HPUB some.subject r 18 " + (18 + length) + "\r\nNATS/1.0\r\nA: 1\r\n\r\n" + payload
                            + "\r\n");
        }
        String large = Vectors.payload(100_000);
        assertThat(pub("a", null, large.getBytes(ISO_8859_1))).isEqualTo("PUB a 100000\r\n" + large + "\r\n");
    }

    /** Around the sizes at which a subject is not remembered, and at which the encoder's array has to grow. */
    @Test
    void tokensOfAllSizes() {
        for (int length = 1; length < 4500; length += length < 300 ? 1 : 17) {
            String subject = "s".repeat(length);
            String other = "ř".repeat(length);
            for (int round = 0; round < 2; round++) {
                assertThat(pub(subject, null, HELLO)).isEqualTo("PUB " + subject + " 5\r\nhello\r\n");
                assertThat(pub(subject, other, HELLO))
                        .isEqualTo("PUB " + subject + " " + latin1(other) + " 5\r\nhello\r\n");
                assertThat(hpub(other, subject, BLOCK, NOTHING))
                        .isEqualTo("HPUB " + latin1(other) + " " + subject + " 18 18\r\nNATS/1.0\r\nA: 1\r\n\r\n\r\n");
            }
            assertThat(written(out -> {
                        int n = encoder.pubLine(other.getBytes(UTF_8), 5);
                        encoder.writeLineAndPayload(out.ensureWritable(n + 7), n, HELLO, 0, 5);
                    }))
                    .isEqualTo("PUB " + latin1(other) + " 5\r\nhello\r\n");
            // in an array that has not grown yet
            FrameEncoder fresh = new FrameEncoder();
            assertThat(written(out -> fresh.sub(out, subject, other, Long.MAX_VALUE)))
                    .isEqualTo("SUB " + subject + " " + latin1(other) + " 9223372036854775807\r\n");
            FrameEncoder fresher = new FrameEncoder();
            assertThat(written(out -> fresher.pub(out, other, subject, HELLO, 0, 5)))
                    .isEqualTo("PUB " + latin1(other) + " " + subject + " 5\r\nhello\r\n");
        }
    }

    @Test
    void sameSubjectAgainAndChanged() {
        String same = "orders.new";
        assertThat(pub(same, null, HELLO)).isEqualTo("PUB orders.new 5\r\nhello\r\n");
        assertThat(pub(same, "r1", HELLO)).isEqualTo("PUB orders.new r1 5\r\nhello\r\n");
        assertThat(pub(String.valueOf(same.toCharArray()), "r2", HELLO)).isEqualTo("PUB orders.new r2 5\r\nhello\r\n");
        assertThat(hpub(same, null, BLOCK, NOTHING)).startsWith("HPUB orders.new 18 18\r\n");
        assertThat(written(out -> encoder.sub(out, same, "orders.new", 1)))
                .isEqualTo("SUB orders.new orders.new 1\r\n");
        assertThat(pub("orders.neW", null, HELLO)).isEqualTo("PUB orders.neW 5\r\nhello\r\n");
        assertThat(pub("orders", null, HELLO)).isEqualTo("PUB orders 5\r\nhello\r\n");
        assertThat(pub(same, null, HELLO)).isEqualTo("PUB orders.new 5\r\nhello\r\n");
        assertThat(pub("s".repeat(257), null, HELLO)).isEqualTo("PUB " + "s".repeat(257) + " 5\r\nhello\r\n");
        assertThat(pub(same, null, HELLO)).isEqualTo("PUB orders.new 5\r\nhello\r\n");
        assertThat(written(out -> encoder.unsub(out, 7, 0))).isEqualTo("UNSUB 7\r\n");
        assertThat(pub(same, null, HELLO)).isEqualTo("PUB orders.new 5\r\nhello\r\n");
    }

    /** More subjects than the encoder has places to remember them in, in all orders, under both verbs. */
    @Test
    void manySubjectsTakingTurns() {
        List<String> subjects = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            subjects.add("s" + i % 10 + ".".repeat(1 + i % 3) + "x".repeat(i / 5) + (char) ('a' + i % 7));
            subjects.add("ř".repeat(i) + i % 4);
            subjects.add("l".repeat(100 + i) + i % 4);
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String subject = subjects.get(random.nextInt(subjects.size()));
            switch (random.nextInt(4)) {
                case 0 -> assertThat(pub(subject, null, HELLO)).isEqualTo("PUB " + latin1(subject) + " 5\r\nhello\r\n");
                case 1 ->
                    assertThat(pub(subject, "r", new byte[1030]))
                            .startsWith("PUB " + latin1(subject) + " r 1030\r\n\0");
                case 2 ->
                    assertThat(hpub(subject, null, BLOCK, NOTHING))
                            .isEqualTo("HPUB " + latin1(subject) + " 18 18\r\nNATS/1.0\r\nA: 1\r\n\r\n\r\n");
                default ->
                    assertThat(written(out -> encoder.sub(out, subject, null, 7)))
                            .isEqualTo("SUB " + latin1(subject) + " 7\r\n");
            }
        }
    }

    /** What a frame needs and not a byte more: nothing may be set behind it, not even to be overwritten. */
    @Test
    void framesThatFillTheirBuffer() {
        for (int length = 0; length < 1100; length++) {
            byte[] payload = Vectors.payload(length).getBytes(ISO_8859_1);
            int n = encoder.pubLine("a", null, length);
            ByteBuf out = Unpooled.buffer(n + length + 2, n + length + 2);
            encoder.writeLineAndPayload(out, n, payload, 0, length);
            assertThat(out.toString(ISO_8859_1))
                    .isEqualTo("PUB a " + length + "\r\n" + Vectors.payload(length) + "\r\n");
        }
    }

    @Test
    void linesAlone() {
        for (int length : new int[] {0, 1, 7, 8, 9, 1023, 1024}) {
            int n = encoder.pubLine("a", "r", length);
            assertThat(new String(encoder.line(), 0, n, UTF_8)).isEqualTo("PUB a r " + length + "\r\n");
            assertThat(new String(encoder.line(), 0, n, UTF_8)).isEqualTo("PUB a r " + length + "\r\n");
            byte[] payload = new byte[length];
            String pad = "\0".repeat(length);
            assertThat(written(out -> encoder.writeLineAndPayload(out.ensureWritable(2000), n, payload, 0, length)))
                    .isEqualTo("PUB a r " + length + "\r\n" + pad + "\r\n");
        }
        int n = encoder.pubLine("a", "r", Integer.MAX_VALUE);
        assertThat(new String(encoder.line(), 0, n, UTF_8)).isEqualTo("PUB a r 2147483647\r\n");
        n = encoder.hpubLine("a", null, Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertThat(new String(encoder.line(), 0, n, UTF_8)).isEqualTo("HPUB a 2147483647 4294967294\r\n");
        for (int length = 1; length > 0 && length <= 1_000_000_000; length = length * 10) {
            n = encoder.pubLine("a", null, length);
            assertThat(new String(encoder.line(), 0, n, UTF_8)).isEqualTo("PUB a " + length + "\r\n");
            n = encoder.pubLine("a", null, length - 1);
            assertThat(new String(encoder.line(), 0, n, UTF_8)).isEqualTo("PUB a " + (length - 1) + "\r\n");
        }
    }
}
