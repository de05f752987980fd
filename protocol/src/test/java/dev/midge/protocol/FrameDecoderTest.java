// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes in, frames out: every conversation is cut at every place. */
class FrameDecoderTest {
    static final class Recorder implements FrameSink {
        final List<String> frames = new ArrayList<>();

        @Override
        public void onMessage(MessageView m) {
            frames.add("MSG " + m.subject() + " " + m.sid() + " " + m.replyTo() + " "
                    + new String(m.copyHeaders(), ISO_8859_1) + "|" + new String(m.copyPayload(), ISO_8859_1) + "|"
                    + m.payload().toString(ISO_8859_1));
        }

        @Override
        public void onInfo(String json) {
            frames.add("INFO " + json);
        }

        @Override
        public void onPing() {
            frames.add("PING");
        }

        @Override
        public void onPong() {
            frames.add("PONG");
        }

        @Override
        public void onOk() {
            frames.add("+OK");
        }

        @Override
        public void onError(String text) {
            frames.add("-ERR " + text);
        }
    }

    @Test
    void everySplitGivesTheSameFrames() {
        String big = "x".repeat(6000);
        String all =
                "INFO {\"a\":\"" + "i".repeat(5000) + "\"} \r\nMSG a 1 0\r\n\r\nmsg foo.bar\t 22  reply 5 \r\nhello\r\n"
                        + "HMSG h 3 12 12\r\nNATS/1.0\r\n\r\n\r\nhmsg h 3 r 12 14\r\nNATS/1.0\r\n\r\nxy\r\nPING\r\npong\r\n+ok\r\n"
                        + "-ERR 'Some Error'\r\nMSG big 7 6000\r\n" + big + "\r\nMSG 12 34 56 3\r\nabc\r\n";
        byte[] bytes = all.getBytes(ISO_8859_1);
        Recorder whole = new Recorder();
        try (FrameDecoder d = new FrameDecoder(ProtocolLimits.DEFAULTS, ByteBufAllocator.DEFAULT)) {
            feed(d, whole, bytes, 0, bytes.length);
        }
        assertThat(whole.frames).hasSize(11);
        assertThat(whole.frames.get(10)).isEqualTo("MSG 12 34 56 |abc|abc");
        assertThat(whole.frames.get(9)).isEqualTo("MSG big 7 null |" + big + "|" + big);
        for (int i = 0; i <= bytes.length; i++) {
            Recorder r = new Recorder();
            try (FrameDecoder d = new FrameDecoder(ProtocolLimits.DEFAULTS, ByteBufAllocator.DEFAULT)) {
                feed(d, r, bytes, 0, i);
                feed(d, r, bytes, i, bytes.length);
            }
            assertThat(r.frames).isEqualTo(whole.frames);
        }
        for (int piece = 1; piece < 50; piece++) {
            Recorder r = new Recorder();
            try (FrameDecoder d = new FrameDecoder(ProtocolLimits.DEFAULTS, ByteBufAllocator.DEFAULT)) {
                for (int i = 0; i < bytes.length; i += piece) {
                    feed(d, r, bytes, i, Math.min(bytes.length, i + piece));
                }
            }
            assertThat(r.frames).isEqualTo(whole.frames);
        }
    }

    private static void feed(FrameDecoder d, FrameSink sink, byte[] bytes, int from, int to) {
        ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, to - from));
        try {
            in.writeBytes(bytes, from, to - from);
            d.decode(in, sink);
            assertThat(in.isReadable()).isFalse();
        } finally {
            in.release();
        }
    }
}
