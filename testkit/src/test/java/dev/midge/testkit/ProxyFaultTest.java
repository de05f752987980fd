// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static dev.midge.testkit.FrameProxyTest.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a proxy does when it is told to. */
class ProxyFaultTest {
    private static final String STREAM =
            "INFO {\"a\":1}\r\nPONG\r\nMSG a 1 5\r\nhello\r\nMSG a 1 2\r\nhi\r\nMSG b 2 0\r\n\r\n";

    private static final String FIRST_MSG = "MSG a 1 5\r\nhello\r\n";

    /** What a client gets of the stream, and whether it ends by a reset. */
    private static WireClient.End through(Consumer<FrameProxy> rules) throws Exception {
        return through(0, rules);
    }

    private static WireClient.End through(long seed, Consumer<FrameProxy> rules) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(ProxyFaultTest::sendStream);
                FrameProxy proxy = FrameProxy.builder()
                        .target("127.0.0.1", server.port())
                        .seed(seed)
                        .start()) {
            rules.accept(proxy);
            try (WireClient client = WireClient.silent(proxy.port())) {
                return client.readToEnd();
            }
        }
    }

    private static void sendStream(ScriptedConnection peer) {
        try {
            peer.send(STREAM).close();
        } catch (AssertionError e) {
            // reset already
        }
    }

    @ParameterizedTest
    @EnumSource
    void cutAtEveryByte(Cut how) throws Exception {
        for (int i = 0; i <= STREAM.length(); i++) {
            int offset = i;
            assertThat(through(proxy -> proxy.toClient().at(offset).cut(how)))
                    .isEqualTo(new WireClient.End(STREAM.substring(0, offset), how == Cut.RST));
        }
    }

    @Test
    void cutAtAFrameAndWithinIt() throws Exception {
        int first = STREAM.indexOf("MSG");
        int second = first + FIRST_MSG.length();
        assertThat(through(proxy -> proxy.toClient().at(Frame.MSG, 1).cut(Cut.FIN))
                        .text())
                .isEqualTo(STREAM.substring(0, first));
        assertThat(through(proxy -> proxy.toClient().at(Frame.MSG, 2).cut(Cut.FIN))
                        .text())
                .isEqualTo(STREAM.substring(0, second));
        for (int i = 0; i <= FIRST_MSG.length(); i++) {
            int plus = i;
            String expected = plus < FIRST_MSG.length() ? STREAM.substring(0, first + plus) : STREAM;
            assertThat(through(proxy ->
                            proxy.toClient().at(Frame.MSG, 1).plus(plus).cut(Cut.FIN)))
                    .as("a place behind the frame is none")
                    .isEqualTo(new WireClient.End(expected, false));
        }
    }

    /** Both sides read what had passed, and then the end. */
    @Test
    void anOrderlyCutEndsBothSidesInOrder() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer ->
                        peer.send("INFO {}\r\n").expect("PUB a 1\r\nx\r\n").expectEnd());
                FrameProxy proxy = FrameProxy.to(server.port());
                WireClient client = WireClient.silent(proxy.port())) {
            Fault cut = proxy.toServer().at(Frame.PUB, 2).cut(Cut.FIN);
            client.read(9);
            client.say("PUB a 1\r\nx\r\nPUB a 1\r\ny\r\n");
            assertThat(client.readToEnd()).isEqualTo(new WireClient.End("", false));
            assertThat(cut.times()).isEqualTo(1);
            client.say("PUB a 1\r\nz\r\n").shutdownOutput();
            server.await();
            assertThat(proxy.awaitNoConnection(LONG)).isTrue();
            assertThat(proxy.toServer().seen(Frame.PUB))
                    .as("also behind the cut")
                    .isEqualTo(3);
            assertThat(proxy.toServer().passed(Frame.PUB)).isEqualTo(1);
            assertThat(server.received(1)).asString().isEqualTo("PUB a 1\r\nx\r\n");
        }
    }

    @Test
    void drop() throws Exception {
        assertThat(through(proxy -> proxy.toClient().at(Frame.MSG, 1).drop()).text())
                .isEqualTo(STREAM.replace(FIRST_MSG, ""));
        assertThat(through(proxy -> proxy.toClient().each(Frame.MSG).drop()).text())
                .isEqualTo("INFO {\"a\":1}\r\nPONG\r\n");
        assertThat(through(proxy -> proxy.toClient().at(2).drop()).text()).isEqualTo(STREAM.replace("INFO", "INO"));
        assertThat(through(proxy -> proxy.toClient().each(Frame.MSG).plus(1).drop())
                        .text())
                .isEqualTo(STREAM.replace("MSG", "MG"));
        assertThat(through(proxy -> proxy.toClient()
                                .at(Frame.INFO, 1)
                                .onConnection(2)
                                .drop())
                        .text())
                .isEqualTo(STREAM);
    }

    @Test
    void whatIsLeftToChanceIsDecidedByTheSeed() throws Exception {
        for (Consumer<FrameProxy> rule : List.<Consumer<FrameProxy>>of(
                proxy -> proxy.toClient().at(Frame.MSG, 1).corrupt(),
                proxy -> proxy.toClient().at(20).corrupt())) {
            Set<String> results = new HashSet<>();
            for (long seed = 0; seed < 20; seed++) {
                String text = through(seed, rule).text();
                assertThat(through(seed, rule).text()).isEqualTo(text);
                assertThat(differentBits(text)).isEqualTo(1);
                results.add(text);
            }
            assertThat(results).hasSizeGreaterThan(4);
        }
        Set<Integer> lengths = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            Consumer<FrameProxy> rule =
                    proxy -> proxy.toClient().some(Frame.MSG, 0.5).drop();
            String text = through(seed, rule).text();
            assertThat(through(seed, rule).text()).isEqualTo(text);
            lengths.add(text.length());
        }
        assertThat(lengths).hasSizeGreaterThan(3);
    }

    private static int differentBits(String text) {
        assertThat(text).hasSameSizeAs(STREAM);
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            count += Integer.bitCount(text.charAt(i) ^ STREAM.charAt(i));
        }
        return count;
    }

    @Test
    void delayHoldsUpWhatComesBehindToo() throws Exception {
        long begin = System.nanoTime();
        assertThat(through(proxy -> proxy.toClient().each(Frame.MSG).delay(Duration.ofMillis(30)))
                        .text())
                .isEqualTo(STREAM);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(90));
    }

    @Test
    void holdAndRelease() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> peer.send(STREAM).expect("PING\r\n").close());
                FrameProxy proxy = FrameProxy.to(server.port())) {
            Fault hold = proxy.toClient().at(Frame.MSG, 2).plus(3).hold();
            try (WireClient client = WireClient.silent(proxy.port())) {
                int passed = STREAM.indexOf("MSG a 1 2") + 3;
                assertThat(client.read(passed)).isEqualTo(STREAM.substring(0, passed));
                assertThat(hold.await(LONG)).isTrue();
                client.say("PING\r\n"); // the other direction goes on
                server.await();
                assertThat(proxy.toClient().passedBytes()).isEqualTo(passed);
                proxy.toClient().release();
                assertThat(client.readToEnd().text()).isEqualTo(STREAM.substring(passed));
                assertThat(hold.times()).isEqualTo(1);
            }
        }
    }

    /** R-A5: no read, no write, no reset; not even when a side goes. */
    @Test
    void blackHole() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(
                        LONG,
                        peer -> peer.send("INFO {}\r\n")
                                .expect("PING\r\n")
                                .send("PONG\r\n")
                                .await(over));
                FrameProxy proxy = FrameProxy.to(server.port());
                WireClient client = WireClient.silent(proxy.port())) {
            client.read(9);
            Fault hole = proxy.toClient().at(Frame.PONG, 1).blackHole();
            client.say("PING\r\n");
            assertThat(hole.await(LONG)).isTrue();
            client.say("PING\r\n");
            client.socket().setSoTimeout(100);
            assertThatThrownBy(() -> client.read(1)).isInstanceOf(SocketTimeoutException.class);
            assertThat(proxy.toServer().passed(Frame.PING)).isEqualTo(1);
            client.reset();
            assertThat(proxy.awaitNoConnection(Duration.ofMillis(100))).isFalse();
            over.countDown();
            server.await();
            proxy.toServer().release();
            assertThat(proxy.awaitNoConnection(LONG)).as("the reset is seen").isTrue();
        }
    }

    @Test
    void blackHoleForConnectionsToCome() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.start(peer -> peer.send(STREAM).close());
                FrameProxy proxy = FrameProxy.to(server.port())) {
            proxy.blackHole();
            try (WireClient client = WireClient.silent(proxy.port())) {
                client.socket().setSoTimeout(100);
                assertThatThrownBy(() -> client.read(1)).isInstanceOf(SocketTimeoutException.class);
                proxy.toClient().release();
                client.socket().setSoTimeout(30_000);
                assertThat(client.readToEnd().text()).isEqualTo(STREAM);
            }
        }
    }

    @Test
    void cutNowEndsAllThatThereAre() throws Exception {
        for (Cut how : Cut.values()) {
            try (ScriptedServer server = ScriptedServer.startRepeating(
                            peer -> peer.send("INFO {}\r\n").expectEnd());
                    FrameProxy proxy = FrameProxy.to(server.port());
                    WireClient held = WireClient.silent(proxy.port());
                    WireClient reading = WireClient.silent(proxy.port())) {
                held.read(9);
                reading.read(9);
                proxy.toServer().hold();
                held.say("PING\r\n");
                proxy.cut(how);
                assertThat(held.readToEnd().reset()).isEqualTo(how == Cut.RST);
                assertThat(reading.readToEnd().reset()).isEqualTo(how == Cut.RST);
                proxy.toServer().release();
                try (WireClient next = WireClient.silent(proxy.port())) {
                    assertThat(next.read(9)).isEqualTo("INFO {}\r\n");
                }
            }
        }
    }

    /** A sender is held up by TCP, and the proxy keeps nothing. */
    @Test
    void limitHoldsUpTheSender() throws Exception {
        int size = 400_000;
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(LONG, peer -> {
                    peer.read(size);
                    over.countDown();
                });
                FrameProxy proxy = FrameProxy.builder()
                        .target("127.0.0.1", server.port())
                        .socketBuffer(8 << 10)
                        .start();
                WireClient client = WireClient.silent(proxy.port())) {
            proxy.toServer().limit(400_000);
            client.socket().setSendBufferSize(8 << 10);
            long begin = System.nanoTime();
            client.say("x".repeat(size));
            long sent = System.nanoTime() - begin;
            over.await();
            long received = System.nanoTime() - begin;
            assertThat(received).isGreaterThan(900_000_000L);
            assertThat(sent).as("the sender had to wait").isGreaterThan(100_000_000L);
        }
    }

    @Test
    void removedRulesDoNothing() throws Exception {
        assertThat(through(proxy -> {
                            proxy.toClient().at(3).cut(Cut.RST).remove();
                            proxy.toClient().each(Frame.MSG).drop().remove();
                        })
                        .text())
                .isEqualTo(STREAM);
        assertThat(through(proxy -> {
                            proxy.toClient().at(3).cut(Cut.RST);
                            proxy.toClient().hold();
                            proxy.toClient().limit(1);
                            proxy.toClient().reset();
                        })
                        .text())
                .isEqualTo(STREAM);
    }

    @Test
    void rulesAddedMeanwhileCountFromTheNextBytesOn() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.send(STREAM)
                        .expect("PING\r\n")
                        .send(FIRST_MSG + FIRST_MSG)
                        .close());
                FrameProxy proxy = FrameProxy.to(server.port());
                WireClient client = WireClient.silent(proxy.port())) {
            client.read(STREAM.length());
            proxy.toClient().at(Frame.MSG, 5).drop();
            proxy.toClient().at(Frame.MSG, 1).cut(Cut.RST);
            proxy.toClient().at(3).cut(Cut.RST);
            proxy.toClient().at(STREAM.length() + 1).drop();
            client.say("PING\r\n");
            assertThat(client.readToEnd().text()).isEqualTo(FIRST_MSG.replace("MSG", "MG"));
        }
    }
}
