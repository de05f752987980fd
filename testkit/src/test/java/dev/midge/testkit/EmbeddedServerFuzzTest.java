// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.fuzz.FuzzedTarget;
import dev.midge.testkit.fuzz.Mutator;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The embedded server as a whole, with damaged traffic of a real client on its socket: it answers, closes the connection
 * when the client has ended, and serves others as before. The leak check sees to the rest.
 */
class EmbeddedServerFuzzTest extends FuzzedTarget {
    private static final List<String> WORDS = List.of(
            "PUB a 2\r\nhi\r\n",
            "SUB a 1\r\n",
            "SUB > 7\r\n",
            "SUB *.* q 8\r\n",
            "UNSUB 1\r\n",
            "UNSUB 1 1\r\n",
            "PING\r\n",
            "PONG\r\n",
            "CONNECT {}\r\n",
            "CONNECT {\"verbose\":true,\"pedantic\":true}\r\n",
            "CONNECT {\"headers\":true}\r\n",
            "HPUB a 12 14\r\nNATS/1.0\r\n\r\nhi\r\n",
            "PUB a.*.b 0\r\n\r\n",
            "PUB a b 0\r\n\r\n",
            "\r\n",
            "\0",
            "{",
            "}",
            "999999999");

    private static final Mutator MUTATOR = new Mutator("to-server", WORDS);

    /** So often somebody else looks whether the server is well. */
    private static final int CHECK_EVERY = 50;

    private EmbeddedServer server;
    private int executions;

    EmbeddedServerFuzzTest() {
        super("embedded server", 1_000);
    }

    @BeforeEach
    void start() {
        server = EmbeddedServer.start();
    }

    @AfterEach
    void end() {
        try {
            assertIsWell();
        } finally {
            server.close();
        }
    }

    @Override
    protected void execute(Random random) throws IOException {
        byte[] bytes = MUTATOR.next(random);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            boolean abrupt = random.nextInt(10) == 0;
            try {
                write(socket, bytes, random);
                if (abrupt) {
                    socket.setSoLinger(true, 0);
                    return;
                }
                socket.shutdownOutput();
                readToEnd(socket);
            } catch (SocketException e) {
                // closed by the server, which had not read all
            }
        }
        if (++executions % CHECK_EVERY == 0) {
            assertIsWell();
        }
    }

    private static void write(Socket socket, byte[] bytes, Random random) throws IOException {
        int pieces = 1 + random.nextInt(4);
        for (int i = 0; i < pieces; i++) {
            int from = bytes.length * i / pieces;
            int to = bytes.length * (i + 1) / pieces;
            socket.getOutputStream().write(Arrays.copyOfRange(bytes, from, to));
        }
    }

    private static void readToEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        int count = in.read(buffer);
        assertThat(new String(buffer, 0, 4, ISO_8859_1)).isEqualTo("INFO");
        while (count >= 0) {
            count = in.read(buffer);
        }
    }

    private void assertIsWell() {
        try (WireClient client = WireClient.connect(server.port(), "")) {
            client.say("SUB well 1\r\nPUB well 2\r\nhi\r\n")
                    .hears("MSG well 1 2\r\nhi\r\n")
                    .stays();
        }
    }
}
