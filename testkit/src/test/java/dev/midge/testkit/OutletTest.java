// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The writes that leave a proxy, which a socket at the other end cannot tell apart. */
class OutletTest {
    private static final String TEXT = "PUB a 5\r\nhello\r\nPING\r\n";

    /** What is written when the text comes in pieces, which differ from one seed to the other. */
    private static List<String> writes(long pieces, long seed, Consumer<ProxyDirection> rules) throws Exception {
        return writes(pieces, seed, true, rules);
    }

    private static List<String> writes(long pieces, long seed, boolean flushEach, Consumer<ProxyDirection> rules)
            throws Exception {
        List<String> writes = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                writes.add(new String(bytes, from, length, ISO_8859_1));
            }
        };
        try (FrameProxy proxy = FrameProxy.builder().target("h", 1).seed(seed).start();
                Socket socket = new Socket()) {
            rules.accept(proxy.toServer());
            Outlet outlet = new Outlet(proxy.toServer(), new ProxiedConnection(proxy, 1, socket), out);
            Random random = new Random(pieces);
            byte[] bytes = TEXT.getBytes(ISO_8859_1);
            for (int from = 0; from < bytes.length; ) {
                int to = pieces == 0 ? bytes.length : from + 1 + random.nextInt(bytes.length - from);
                assertThat(outlet.pass(bytes, from, to) && (!flushEach || outlet.flush()))
                        .isTrue();
                from = to;
            }
            assertThat(outlet.flush()).isTrue();
        }
        return writes;
    }

    @Test
    void asItCame() throws Exception {
        assertThat(writes(0, 0, direction -> {})).containsExactly(TEXT);
    }

    /** A write for each frame would make a proxy slow, and the receiver's reads other than they are without it. */
    @Test
    void whatCameInOneReadIsOneWrite() throws Exception {
        for (long pieces = 1; pieces < 20; pieces++) {
            assertThat(writes(pieces, 0, false, direction -> {})).containsExactly(TEXT);
            List<String> cut = writes(pieces, 0, false, direction -> {
                Fault unused = direction.at(16).delay(Duration.ofNanos(1));
            });
            assertThat(cut).containsExactly(TEXT.substring(0, 16), TEXT.substring(16));
        }
    }

    @Test
    void split() throws Exception {
        assertThat(writes(0, 0, direction -> direction.split(1))).hasSize(TEXT.length());
        assertThat(writes(0, 0, direction -> direction.split(9)))
                .containsExactly("PUB a 5\r\n", "hello\r\nPI", "NG\r\n");
    }

    /** The places are the same, however the bytes come. */
    @Test
    void splitRandomly() throws Exception {
        List<String> first = writes(0, 1, direction -> direction.splitRandomly(6));
        assertThat(String.join("", first)).isEqualTo(TEXT);
        assertThat(first).allSatisfy(piece -> assertThat(piece).hasSizeBetween(1, 6));
        assertThat(writes(0, 2, direction -> direction.splitRandomly(6))).isNotEqualTo(first);
        for (long pieces = 1; pieces < 20; pieces++) {
            List<Integer> places = places(writes(pieces, 1, direction -> direction.splitRandomly(6)));
            assertThat(places).containsAll(places(first));
        }
    }

    private static List<Integer> places(List<String> writes) {
        List<Integer> places = new ArrayList<>();
        int place = 0;
        for (String write : writes) {
            place += write.length();
            places.add(place);
        }
        return places;
    }

    @Test
    void limitWritesSmallPieces() throws Exception {
        assertThat(writes(0, 0, direction -> direction.limit(1000)))
                .containsExactly("PUB a 5\r\nh", "ello\r\nPING", "\r\n");
    }
}
