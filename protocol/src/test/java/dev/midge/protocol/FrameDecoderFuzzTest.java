// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever comes: frames, a wait for more, or a ProtocolException. Anything else that {@code decode} throws fails the
 * property, and so does a buffer that is left, or one that was not the decoder's to release.
 */
class FrameDecoderFuzzTest {
    /** Small ones, so that random bytes get over them. */
    private static final ProtocolLimits LIMITS = ProtocolLimits.DEFAULTS
            .withMaxControlLine(100)
            .withMaxInfoLine(6000)
            .withMaxPayload(20_000)
            .withMaxHeaderBytes(5000);

    private static final byte[] VALID = valid();

    /** What the bytes of control lines are made of, so that random texts of them often come close to one. */
    private static final String[] WORDS = {
        "MSG",
        "HMSG",
        "PING",
        "PONG",
        "INFO",
        "+OK",
        "-ERR",
        "msg",
        " ",
        " ",
        " ",
        "\t",
        "\r\n",
        "\r\n",
        "\r\n",
        "\n",
        "\r",
        "0",
        "1",
        "2",
        "12",
        "14",
        "20000",
        "20001",
        "9999999999",
        "-1",
        "a",
        "foo.bar",
        "NATS/1.0\r\n\r\n",
        "{}",
        "\0",
        "ž"
    };

    private static byte[] valid() {
        StringBuilder text = new StringBuilder();
        for (Vectors.Vector v : Vectors.small()) {
            text.append(v.latin1());
        }
        for (int length : new int[] {500, 600, 4090, 5000, 0, 20}) {
            text.append(Vectors.ofSize(length, null).latin1());
            text.append(Vectors.ofSize(length, Vectors.NO_HEADERS).latin1());
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    @Provide
    Arbitrary<byte[]> anything() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(2000);
    }

    @Provide
    Arbitrary<byte[]> words() {
        return Arbitraries.of(WORDS)
                .list()
                .ofMaxSize(200)
                .map(words -> String.join("", words).getBytes(ISO_8859_1));
    }

    @Property(tries = 2000)
    void randomBytes(@ForAll("anything") byte[] bytes, @ForAll long seed) {
        decode(bytes, seed);
    }

    @Property(tries = 2000)
    void randomBytesBehindTheStartOfAFrame(
            @ForAll("anything") byte[] bytes, @ForAll("starts") String start, @ForAll long seed) {
        byte[] head = start.getBytes(ISO_8859_1);
        byte[] all = new byte[head.length + bytes.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        decode(all, seed);
    }

    @Provide
    Arbitrary<String> starts() {
        return Arbitraries.of(
                "INFO ",
                "-ERR ",
                "MSG ",
                "HMSG ",
                "MSG a 1 ",
                "MSG a 1 100\r\n",
                "HMSG a 1 12 1000\r\n",
                "PING",
                "MSG a 1 19000\r\n");
    }

    @Property(tries = 2000)
    void randomWords(@ForAll("words") byte[] bytes, @ForAll long seed) {
        decode(bytes, seed);
    }

    /** Valid frames of which some bytes are changed, lost, doubled or swapped with others. */
    @Property(tries = 500)
    void damagedFrames(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = VALID.clone();
        int length = bytes.length;
        for (int damages = 1 + random.nextInt(5); damages > 0; damages--) {
            int at = random.nextInt(length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> {
                    int lost = 1 + random.nextInt(Math.min(20, length - at));
                    System.arraycopy(bytes, at + lost, bytes, at, length - at - lost);
                    length -= lost;
                }
                default -> {
                    int from = random.nextInt(length);
                    int copied = Math.min(1 + random.nextInt(50), length - Math.max(at, from));
                    System.arraycopy(bytes, from, bytes, at, copied);
                }
            }
        }
        decode(Arrays.copyOf(bytes, length), seed);
    }

    private static void decode(byte[] bytes, long seed) {
        Random random = new Random(seed);
        CountingAllocator allocator = new CountingAllocator();
        Pieces.Kind[] kinds = Pieces.Kind.values();
        int largest = 1 + random.nextInt(random.nextBoolean() ? 20 : 6000);
        int failures = 0;
        try (FrameDecoder decoder = new FrameDecoder(LIMITS, allocator)) {
            for (int i = 0; i < bytes.length && failures < 3; ) {
                int end = Math.min(bytes.length, i + 1 + random.nextInt(largest));
                ByteBuf in = kinds[random.nextInt(kinds.length)].wrap(bytes, i, end);
                try {
                    decoder.decode(in, new Recorder());
                    if (failures > 0 || in.isReadable()) {
                        fail("after %d failures %d bytes are left", failures, in.readableBytes());
                    }
                } catch (ProtocolException e) {
                    assertThat(e.getMessage()).matches("[ -~]+");
                    assertThat(allocator.live()).isZero();
                    failures++;
                } finally {
                    assertThat(in.refCnt()).isEqualTo(1);
                    in.release();
                }
                i = end;
            }
        }
        assertThat(allocator.live()).isZero();
    }
}
