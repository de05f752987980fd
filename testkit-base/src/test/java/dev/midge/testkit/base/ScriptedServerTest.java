// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * Plain sockets against scripts; that no thread and no socket stays is shown by the leak check, which is on every
 * test.
 */
class ScriptedServerTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    @Test
    void playsAConversation() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.send("INFO {}\r\n")
                        .expect("CONNECT ")
                        .expectUntil("\r\n")
                        .expectLine("PUB \\w+ 5")
                        .expect(new byte[] {'h', 'e', 'l', 'l', 'o', '\r', '\n'})
                        .send(new byte[] {'+', 'O', 'K'}));
                Socket client = connect(server)) {
            assertThat(read(client, 9)).isEqualTo("INFO {}\r\n");
            write(client, "CONNECT {\"a\":1}\r\nPUB a 5\r\nhel");
            write(client, "lo\r\n");
            assertThat(read(client, 3)).isEqualTo("+OK");
            server.await();
            assertThat(server.received(1))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("CONNECT {\"a\":1}\r\nPUB a 5\r\nhello\r\n");
        }
    }

    @Test
    void givesTheScriptWhatItReads() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.send(peer.readLine().replace("PING", "PONG"));
                    peer.send(peer.readUntil("!"));
                    peer.send(peer.read(2));
                });
                Socket client = connect(server)) {
            write(client, "PING 1\r\nmore!xy");
            assertThat(read(client, 13)).isEqualTo("PONG 1more!xy");
        }
    }

    @Test
    void sendsInPieces() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> peer.sendInPieces(1, "byte by byte").sendInPieces(5, "five at a time"));
                Socket client = connect(server)) {
            assertThat(read(client, 26)).isEqualTo("byte by bytefive at a time");
        }
    }

    @Test
    void refusesPiecesWithoutSize() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> peer.sendInPieces(0, "a"))
                            .withMessage("size is 0, but has to be positive");
                    peer.countDown(refused);
                });
                Socket client = connect(server)) {
            assertThat(client.isConnected()).isTrue();
            refused.await();
        }
    }

    @Test
    void closesAndResets() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(
                ScriptedConnection::close,
                peer -> peer.await(connected).reset(),
                peer -> peer.shutdownOutput().expect("still heard"))) {
            try (Socket client = connect(server)) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
            try (Socket client = connect(server)) {
                connected.countDown();
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            try (Socket client = connect(server)) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                write(client, "still heard");
                server.await();
            }
        }
    }

    @Test
    void recordsAfterTheScriptUntilThePeerCloses() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {}, ScriptedConnection::expectEnd)) {
            try (Socket client = connect(server)) {
                write(client, "into the silence");
                client.shutdownOutput();
                // The server closes only after it has read to the end.
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(server.received(1)).asString(StandardCharsets.UTF_8).isEqualTo("into the silence");
            connect(server).close();
        }
    }

    @Test
    void leavesAPeerWaitingThatIsNotRead() throws Exception {
        int more = 64 << 20; // than any socket buffers
        try (ScriptedServer server = ScriptedServer.start(ScriptedConnection::stopReading, peer -> {})) {
            assertThat(writeUntilStuck(server, more, 500)).isPositive().isLessThan(more);
            assertThat(writeUntilStuck(server, more, 30_000)).isEqualTo(more);
        }
    }

    private static int writeUntilStuck(ScriptedServer server, int bytes, int millis) throws IOException {
        try (SocketChannel client = SocketChannel.open(server.address());
                Selector selector = Selector.open()) {
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer buffer = ByteBuffer.allocate(bytes);
            while (buffer.hasRemaining() && selector.select(millis) > 0) {
                selector.selectedKeys().clear();
                client.write(buffer);
            }
            return buffer.position();
        }
    }

    @Test
    void playsTheSameScriptForEach() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.startRepeating(peer -> peer.send("hi").expectEnd())) {
            for (int i = 0; i < 3; i++) {
                try (Socket client = connect(server)) {
                    assertThat(read(client, 2)).isEqualTo("hi");
                }
            }
            server.await();
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void showsExpectedAndGot() throws Exception {
        ScriptedServer server =
                ScriptedServer.start(peer -> peer.expect("CONNECT ").expect("{\"verbose\":true}"));
        try (Socket client = connect(server)) {
            write(client, "CONNECT {\"verbose\":false}");
            assertThatThrownBy(server::close)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageMatching("(?s)scripted server 127\\.0\\.0\\.1:\\d+, connection 1, "
                            + "step 2: expect\\(\"\\{\\\\\"verbose\\\\\":true}\"\\): .*")
                    .hasMessageContaining("the first one at position 19 of the connection, 11 of the expected")
                    .hasMessageContaining("|{\"verbose\":true}|")
                    .hasMessageContaining("|{\"verbose\":false|");
        }
    }

    @Test
    void showsALineThatDoesNotMatch() throws Exception {
        assertFails(peer -> peer.expectLine("SUB \\S+ \\d+"), "SUB a b\r\n", "got the line \"SUB a b\"");
    }

    @Test
    void tellsWhatDidNotCome() throws Exception {
        assertFails(peer -> peer.expect("PING\r\n"), "PIN", "nothing more came in time, position 3, with 3 of 6 bytes");
        assertFails(peer -> peer.expectUntil("\r\n"), "x\r", "\"\\r\\n\" did not come");
        assertFails(ScriptedConnection::expectEnd, "", "neither closed the connection nor sent anything");
        assertFails(ScriptedConnection::expectEnd, "more", "the peer sent more instead");
        assertFails(peer -> peer.await(new CountDownLatch(2)), "", "the latch's count is still 2");
    }

    @Test
    void tellsThatThePeerClosed() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.expect("PING"))) {
            connect(server).close();
            assertThatThrownBy(server::await)
                    .hasMessageContaining("the peer closed the connection at position 0, with 0 of 4 bytes matched");
        }
    }

    @Test
    void tellsWhatTheScriptThrew() throws Exception {
        assertFails(
                peer -> {
                    throw new IOException("disk full");
                },
                "",
                "the script threw java.io.IOException: disk full");
    }

    @Test
    void failsWhenAConnectionNeverCame() {
        assertThatThrownBy(() -> ScriptedServer.start(SHORT, SHORT, peer -> {}).close())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not complete after 400 ms")
                .hasMessageContaining("connection 1 never came");
    }

    @Test
    void failsWhenAScriptIsNotThroughYet() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ScriptedServer server = ScriptedServer.start(SHORT, SHORT, peer -> {
            begun.countDown();
            never.await();
        });
        try (Socket client = connect(server)) {
            assertThat(client.isConnected()).isTrue();
            begun.await();
            assertThatThrownBy(server::close).hasMessageContaining("connection 1, step 0: not begun");
        }
    }

    @Test
    void failsOnAConnectionTooMany() throws Exception {
        ScriptedServer server = ScriptedServer.start();
        try (Socket client = connect(server)) {
            assertThatThrownBy(() -> {
                        client.getOutputStream().write(1);
                        assertThat(client.getInputStream().read()).isEqualTo(-1);
                    })
                    .isInstanceOf(SocketException.class);
            assertThatThrownBy(server::close)
                    .hasMessageContaining("connection 1 came, but there are 0 scripts, one for each connection");
        }
    }

    @Test
    void isSatisfiedWhenNobodyConnectsAndNobodyMay() {
        assertThatCode(() -> ScriptedServer.start().close()).doesNotThrowAnyException();
    }

    @Test
    void reportsAFailureOnce() throws Exception {
        ScriptedServer server = ScriptedServer.start(peer -> peer.expect("a"));
        try (Socket client = connect(server)) {
            write(client, "b");
            assertThatThrownBy(server::await).isInstanceOf(AssertionError.class);
            assertThatCode(server::close).doesNotThrowAnyException();
            assertThatCode(server::close).doesNotThrowAnyException();
        }
    }

    @Test
    void tellsItsAddressAndRefusesAConnectionNumberThatIsNone() {
        try (ScriptedServer server = ScriptedServer.start()) {
            assertThat(server.url()).isEqualTo("nats://127.0.0.1:" + server.port());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> server.received(1))
                    .withMessage("number is 1, but 0 connections were accepted so far");
        }
    }

    private static void assertFails(ScriptedServer.Script script, String written, String message) throws IOException {
        CountDownLatch wrote = new CountDownLatch(1);
        ScriptedServer server = ScriptedServer.start(SHORT, peer -> {
            wrote.await(); // in the test's time, not in that of a step
            script.play(peer);
        });
        try (Socket client = connect(server)) {
            write(client, written);
            wrote.countDown();
            assertThatThrownBy(server::close).isInstanceOf(AssertionError.class).hasMessageContaining(message);
        }
    }

    private static Socket connect(ScriptedServer server) throws IOException {
        Socket client = new Socket(server.address().getAddress(), server.port());
        client.setSoTimeout(30_000);
        return client;
    }

    private static void write(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(Socket client, int count) throws IOException {
        return new String(client.getInputStream().readNBytes(count), StandardCharsets.UTF_8);
    }
}
