// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** Random frames: what goes in comes out, however it is written and cut. */
class FrameRoundTripTest {
    private static final String[] BLANKS = {" ", "\t", "  ", " \t ", "   "};

    /** What is behind the subject of these frames is the same whether a server or a client writes it. */
    record Frame(String subject, long sid, String replyTo, String headers, String payload) {
        boolean hasReplyTo() {
            return !replyTo.isEmpty();
        }

        boolean hasHeaders() {
            return !headers.isEmpty();
        }

        String recorded() {
            return Recorder.message(subject, sid, hasReplyTo() ? replyTo : null, headers, payload);
        }

        /** As a server may write it. */
        String latin1(Random random) {
            String verb = hasHeaders() ? "HMSG" : "MSG";
            StringBuilder line = new StringBuilder(random.nextBoolean() ? verb : verb.toLowerCase(Locale.ROOT));
            line.append(blank(random))
                    .append(utf8(subject))
                    .append(blank(random))
                    .append(sid);
            if (hasReplyTo()) {
                line.append(blank(random)).append(utf8(replyTo));
            }
            if (hasHeaders()) {
                line.append(blank(random)).append(headers.length());
            }
            line.append(blank(random)).append(headers.length() + payload.length());
            if (random.nextInt(4) == 0) {
                line.append(blank(random));
            }
            return line.append("\r\n")
                    .append(headers)
                    .append(payload)
                    .append("\r\n")
                    .toString();
        }
    }

    private static String blank(Random random) {
        return BLANKS[random.nextInt(BLANKS.length)];
    }

    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    @Provide
    Arbitrary<List<Frame>> frames() {
        Arbitrary<String> token = Arbitraries.frequencyOf(
                Tuple.of(
                        5,
                        Arbitraries.strings()
                                .withCharRange('!', '~')
                                .ofMinLength(1)
                                .ofMaxLength(60)),
                Tuple.of(2, Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(20)),
                Tuple.of(
                        1,
                        Arbitraries.strings()
                                .withChars("žřěшют€.")
                                .ofMinLength(1)
                                .ofMaxLength(20)));
        Arbitrary<String> replyTo = Arbitraries.oneOf(token, Arbitraries.just(""));
        Arbitrary<Long> sid = Arbitraries.longs().between(0, 999_999_999_999_999_999L);
        Arbitrary<String> headers = Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.just(Vectors.NO_HEADERS),
                bytes(2000).map(value -> "NATS/1.0\r\nA: " + value + "\r\n\r\n"));
        Arbitrary<String> payload =
                Arbitraries.frequencyOf(Tuple.of(6, bytes(200)), Tuple.of(2, bytes(5000)), Tuple.of(1, bytes(20_000)));
        return Combinators.combine(token, sid, replyTo, headers, payload)
                .as(Frame::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    /** So many bytes at most, from a seed: jqwik would take its time to make each of them. */
    private static Arbitrary<String> bytes(int max) {
        return Combinators.combine(
                        Arbitraries.integers().between(0, max),
                        Arbitraries.longs().between(0, 1_000_000))
                .as((length, seed) -> {
                    byte[] bytes = new byte[length];
                    new Random(seed).nextBytes(bytes);
                    return new String(bytes, ISO_8859_1);
                });
    }

    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void whatAServerWritesComesOut(@ForAll("frames") List<Frame> frames, @ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (Frame frame : frames) {
            text.append(frame.latin1(random));
        }
        byte[] bytes = text.toString().getBytes(ISO_8859_1);
        CountingAllocator allocator = new CountingAllocator();
        Recorder recorder = new Recorder();
        Pieces.Kind[] kinds = Pieces.Kind.values();
        int largest = 1 + random.nextInt(random.nextBoolean() ? 60 : 10_000);
        try (FrameDecoder decoder = new FrameDecoder(ProtocolLimits.DEFAULTS, allocator)) {
            for (int i = 0; i < bytes.length; ) {
                int end = Math.min(bytes.length, i + 1 + random.nextInt(largest));
                Pieces.feed(decoder, recorder, kinds[random.nextInt(kinds.length)], bytes, i, end);
                i = end;
            }
        }
        assertThat(recorder.frames)
                .isEqualTo(frames.stream().map(Frame::recorded).toList());
        assertThat(allocator.live()).isZero();
    }

    /** The encoder beside the format that the protocol's documentation gives; one encoder for all, for it remembers. */
    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void whatAClientWritesIsTheDocumentedFormat(@ForAll("frames") List<Frame> frames) {
        FrameEncoder encoder = new FrameEncoder();
        StringBuilder expected = new StringBuilder();
        ByteBuf out = Unpooled.buffer(1);
        for (Frame f : frames) {
            byte[] payload = f.payload.getBytes(ISO_8859_1);
            String replyTo = f.hasReplyTo() ? f.replyTo : null;
            String tokens = utf8(f.subject) + (f.hasReplyTo() ? " " + utf8(f.replyTo) : "");
            if (f.hasHeaders()) {
                byte[] headers = f.headers.getBytes(ISO_8859_1);
                encoder.hpub(out, f.subject, replyTo, headers, payload, 0, payload.length);
                int total = headers.length + payload.length;
                expected.append("HPUB ").append(tokens + " " + headers.length + " " + total + "\r\n");
            } else {
                encoder.pub(out, f.subject, replyTo, payload, 0, payload.length);
                expected.append("PUB ").append(tokens + " " + payload.length + "\r\n");
            }
            expected.append(f.headers).append(f.payload).append("\r\n");
            encoder.sub(out, f.subject, replyTo, f.sid);
            encoder.unsub(out, f.sid, payload.length);
            expected.append("SUB " + tokens + " " + f.sid + "\r\n");
            expected.append("UNSUB " + f.sid + (payload.length > 0 ? " " + payload.length : "") + "\r\n");
        }
        assertThat(out.toString(ISO_8859_1)).isEqualTo(expected.toString());
        out.release();
    }
}
