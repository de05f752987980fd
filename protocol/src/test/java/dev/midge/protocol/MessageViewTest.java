// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a sink sees of a message, and what it may keep, in each place where a body can lie. */
class MessageViewTest {
    /** The sizes of body for: the window, the receive buffer or, when cut, the window or a gathered buffer. */
    private static final int[] SIZES = {1, 100, 600, 5000};

    /** Twice in a row, cut at some places. */
    private static void each(String latin1, Consumer<MessageView> check) {
        CountingAllocator allocator = new CountingAllocator();
        List<String> seen = new ArrayList<>();
        FrameSink sink = new Recorder() {
            @Override
            public void onMessage(MessageView m) {
                check.accept(m);
                seen.add("");
            }
        };
        byte[] bytes = (latin1 + latin1).getBytes(ISO_8859_1);
        for (int cut : new int[] {0, 1, 10, bytes.length / 4, bytes.length / 2, bytes.length - 1}) {
            try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
                ByteBuf in = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
                decoder.decode(in.setIndex(0, cut), sink);
                decoder.decode(in.setIndex(cut, bytes.length), sink);
                in.release();
            }
        }
        assertThat(seen).hasSize(12);
        assertThat(allocator.live()).isZero();
    }

    @Test
    void subject() {
        byte[] subject = "žluť.🦟".getBytes(UTF_8);
        each("MSG " + new String(subject, ISO_8859_1) + " 1 0\r\n\r\n", m -> {
            assertThat(m.subject()).isEqualTo("žluť.🦟");
            assertThat(m.subjectBytes()).isEqualTo(subject);
            assertThat(m.subjectIs(subject)).isTrue();
            assertThat(m.subjectIs("žluť.🦟.".getBytes(UTF_8))).isFalse();
            assertThat(m.subjectIs("žluť.".getBytes(UTF_8))).isFalse();
            assertThat(m.subjectIs(new byte[0])).isFalse();
            byte[] other = subject.clone();
            other[0]++;
            assertThat(m.subjectIs(other)).isFalse();
        });
    }

    @Test
    void sidAndReplyTo() {
        each("MSG a 4711 _INBOX.x.y 0\r\n\r\n", m -> {
            assertThat(m.sid()).isEqualTo(4711);
            assertThat(m.hasReplyTo()).isTrue();
            assertThat(m.replyTo()).isEqualTo("_INBOX.x.y");
            assertThat(m.copyReplyTo()).asString(UTF_8).isEqualTo("_INBOX.x.y");
        });
        each("MSG a 4711 0\r\n\r\n", m -> {
            assertThat(m.hasReplyTo()).isFalse();
            assertThat(m.replyTo()).isNull();
            assertThat(m.copyReplyTo()).isNull();
        });
        each(
                "HMSG a 1 ответ 12 12\r\nNATS/1.0\r\n\r\n\r\n".replace("ответ", latin1("ответ")),
                m -> assertThat(m.replyTo()).isEqualTo("ответ"));
    }

    @Test
    void payloadWithoutHeaders() {
        for (int size : SIZES) {
            each(Vectors.ofSize(size, null).latin1(), m -> {
                assertThat(m.payloadLength()).isEqualTo(size);
                assertThat(m.headerLength()).isZero();
                assertThat(m.copyHeaders()).isEmpty();
                assertThat(m.headers().readableBytes()).isZero();
                assertThat(m.copyPayload()).asString(ISO_8859_1).isEqualTo(Vectors.payload(size));
                assertThat(m.payload().toString(ISO_8859_1)).isEqualTo(Vectors.payload(size));
            });
        }
    }

    /** Whoever takes one of the two still has it after taking the other. */
    @Test
    void headersAndPayloadAtTheSameTime() {
        for (int size : SIZES) {
            String block = "NATS/1.0\r\nA: 1\r\n\r\n";
            each(Vectors.ofSize(size, block).latin1(), m -> {
                ByteBuf headers = m.headers();
                ByteBuf payload = m.payload();
                assertThat(m.headerLength()).isEqualTo(block.length());
                assertThat(m.copyHeaders()).asString(ISO_8859_1).isEqualTo(block);
                assertThat(headers.toString(ISO_8859_1)).isEqualTo(block);
                assertThat(m.payloadLength()).isEqualTo(size);
                assertThat(m.copyPayload()).asString(ISO_8859_1).isEqualTo(Vectors.payload(size));
                assertThat(payload.toString(ISO_8859_1)).isEqualTo(Vectors.payload(size));
                assertThat(m.headers().readableBytes()).isEqualTo(block.length());
                assertThat(payload.readableBytes()).isEqualTo(size);
            });
        }
    }

    /** However the indices of what was borrowed are moved, the next look and the next frame are right. */
    @Test
    void readingABorrowedPayloadDisturbsNothing() {
        for (int size : SIZES) {
            each(Vectors.ofSize(size, Vectors.NO_HEADERS).latin1(), m -> {
                assertThat(m.payload().skipBytes(size).isReadable()).isFalse();
                assertThat(m.payload().readableBytes()).isEqualTo(size);
                assertThat(m.headers().skipBytes(12).isReadable()).isFalse();
                assertThat(m.headers().readableBytes()).isEqualTo(12);
                m.payload().clear();
                assertThat(m.copyPayload()).asString(ISO_8859_1).isEqualTo(Vectors.payload(size));
            });
        }
    }

    @Test
    void aRetainedPayloadOutlivesTheFramesBehindIt() {
        for (int size : new int[] {0, 1, 100, 600, 5000}) {
            String text = Vectors.ofSize(size, Vectors.NO_HEADERS).latin1();
            for (int cut : new int[] {0, 20, text.length() / 2, text.length() - 1}) {
                keepOver(size, text, cut);
            }
        }
    }

    private static void keepOver(int size, String text, int cut) {
        CountingAllocator allocator = new CountingAllocator();
        List<ByteBuf> kept = new ArrayList<>();
        FrameSink sink = new Recorder() {
            @Override
            public void onMessage(MessageView m) {
                if (kept.isEmpty()) {
                    kept.add(m.retainPayload());
                }
            }
        };
        byte[] bytes = (text + "MSG b 2 300\r\n" + "z".repeat(300) + "\r\nMSG c 3 6000\r\n" + "z".repeat(6000) + "\r\n")
                .getBytes(ISO_8859_1);
        ByteBuf in = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
            decoder.decode(in.setIndex(0, cut), sink);
            decoder.decode(in.setIndex(cut, bytes.length), sink);
        }
        assertThat(in.readableBytes()).isZero();
        in.release();
        ByteBuf payload = kept.get(0);
        assertThat(ByteBufUtil.getBytes(payload)).asString(ISO_8859_1).isEqualTo(Vectors.payload(size));
        assertThat(payload.release() || in.refCnt() == 0).isTrue();
        assertThat(allocator.live()).isZero();
        assertThat(in.refCnt()).isZero();
    }

    private static String latin1(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
