// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes in, frames out: every frame alone and all in a row, cut at every place. */
class FrameDecoderTest {
    static List<Vectors.Vector> small() {
        return Vectors.small();
    }

    @ParameterizedTest
    @MethodSource("small")
    void eachFrameCutAnywhere(Vectors.Vector vector) {
        byte[] bytes = vector.bytes();
        for (Pieces.Kind kind : Pieces.Kind.values()) {
            for (int i = 0; i <= bytes.length; i++) {
                assertThat(Pieces.framesOfSplit(kind, bytes, i)).containsExactly(vector.frame());
            }
            for (int size = 1; size < bytes.length; size++) {
                assertThat(Pieces.framesOfPieces(kind, bytes, size)).containsExactly(vector.frame());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void allFramesInARowCutAnywhere(Pieces.Kind kind) {
        byte[] bytes = Vectors.join(small());
        List<String> frames = Vectors.frames(small());
        for (int i = 0; i <= bytes.length; i++) {
            assertThat(Pieces.framesOfSplit(kind, bytes, i)).isEqualTo(frames);
        }
        for (int size = 1; size <= bytes.length; size++) {
            assertThat(Pieces.framesOfPieces(kind, bytes, size)).isEqualTo(frames);
        }
    }

    @Test
    void framesThatWrapAroundTheWindow() {
        List<Vectors.Vector> many = new ArrayList<>();
        while (many.size() < 2000) {
            many.addAll(small());
        }
        byte[] bytes = Vectors.join(many);
        List<String> frames = Vectors.frames(many);
        for (Pieces.Kind kind : Pieces.Kind.values()) {
            for (int size :
                    new int[] {7, 100, 511, 512, 513, 4000, 4095, 4096, 4097, 4104, 5000, 10_000, bytes.length}) {
                assertThat(Pieces.framesOfPieces(kind, bytes, size)).isEqualTo(frames);
            }
        }
    }

    @Test
    void linesLongerThanTheWindow() {
        String json = "{\"" + "x".repeat(3 * FrameDecoder.WINDOW) + "\"}";
        String error = "'" + "e".repeat(FrameDecoder.WINDOW) + "'";
        String subject = "s".repeat(2 * FrameDecoder.WINDOW);
        List<Vectors.Vector> all = List.of(
                Vectors.vector("PING\r\n", Recorder.PING),
                Vectors.vector("INFO " + json + "\r\n", Recorder.info(json)),
                Vectors.vector("-ERR " + error + "\r\n", Recorder.error(error)),
                Vectors.vector("MSG " + subject + " 1 5\r\nhello\r\n", Recorder.message(subject, 1, null, "", "hello")),
                Vectors.ofSize(FrameDecoder.WINDOW, null),
                Vectors.vector("PONG\r\n", Recorder.PONG));
        byte[] bytes = Vectors.join(all);
        for (int i = 0; i <= bytes.length; i++) {
            assertThat(Pieces.framesOfSplit(Pieces.Kind.DIRECT, bytes, i)).isEqualTo(Vectors.frames(all));
        }
        for (int size : new int[] {1, 2, 3, 1000, 4096, 9999}) {
            assertThat(Pieces.framesOfPieces(Pieces.Kind.HEAP, bytes, size)).isEqualTo(Vectors.frames(all));
        }
    }

    @Test
    void nothingComesOutOfNothing() {
        assertThat(Pieces.framesOfSplit(Pieces.Kind.HEAP, new byte[0], 0)).isEmpty();
    }

    /** With a line that were searched from its start for each byte, this would take hours. */
    @Test
    void aLineThatArrivesByteByByteCostsLinearTime() {
        byte[] line = ("INFO " + "x".repeat(4 << 20) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        Recorder recorder = new Recorder() {
            @Override
            public void onInfo(String json) {
                frames.add(json.length() + " characters");
            }
        };
        ByteBuf in = Unpooled.wrappedBuffer(line);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            try (FrameDecoder decoder =
                    new FrameDecoder(ProtocolLimits.DEFAULTS.withMaxInfoLine(8 << 20), new CountingAllocator())) {
                for (int i = 1; i <= line.length; i++) {
                    decoder.decode(in.setIndex(i - 1, i), recorder);
                }
            }
        });
        assertThat(recorder.frames).containsExactly((4 << 20) + " characters");
        in.release();
    }
}
