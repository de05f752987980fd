// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.conformance.Outcome.Differs;
import dev.midge.testkit.conformance.Outcome.NotRun;
import dev.midge.testkit.conformance.Outcome.Passed;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** That the suite sees what a client does otherwise: a client that says what each test makes it say. */
class ClientConformanceTest {
    /** Where all that is expected comes. */
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Where something does not; what comes before has to come within this, too. */
    private static final Duration SHORT = Duration.ofSeconds(5);

    private static final String CONNECT = "CONNECT {\"verbose\":false}\r\nPING\r\n";

    @Test
    void passes() {
        assertThat(play(
                        new Parrot(CONNECT, "PUB foo 2\r\nhi\r\n"),
                        "client> publish foo - x\nS1< PUB foo 2\\r\\nhi\\r\\n"))
                .isEqualTo(new Passed());
    }

    @Test
    void seesAnotherFrame() {
        assertThat(play(
                        new Parrot(CONNECT, "PUB foo 2\r\nho\r\n"),
                        "client> publish foo - x\nS1< PUB foo 2\\r\\nhi\\r\\n"))
                .isEqualTo(new Differs("S1< PUB foo 2\\r\\nhi\\r\\n", "\"PUB foo 2\\r\\nho\\r\\n\""));
    }

    @Test
    void seesAFrameBeforeConnect() {
        assertThat(play(new Parrot("PING\r\n" + CONNECT, ""), "client> flush"))
                .isEqualTo(new Differs("S1 greets", "\"PING\\r\\n\""));
        assertThat(play(new Parrot("SUB a 1\r\n" + CONNECT, ""), "client> flush"))
                .isEqualTo(new Differs("S1 greets", "\"SUB a 1\\r\\n\""));
    }

    @Test
    void seesAFieldOfConnect() {
        assertThat(play(new Parrot("CONNECT {}\r\nPING\r\n", ""), "client> flush"))
                .isEqualTo(new Differs("S1 greets", "field verbose absent"));
    }

    @Test
    void saysWhatTheClientMadeOfIt() {
        assertThat(play(SHORT, new Parrot(CONNECT, ""), "client> subscribe a b\nS1< SUB b 1\\r\\n"))
                .isEqualTo(new Differs(
                        "S1< SUB b 1\\r\\n",
                        "nothing within 5000 ms; \"failed java.lang.UnsupportedOperationException: subscribe\""));
    }

    @Test
    void hearsWhatTheClientSays() {
        String lines = "client> publish foo - x\nclient< message a foo - hi\nclient< error no\nclient< closed";
        assertThat(play(new Parrot(CONNECT, "", "error", "message", "closed"), lines))
                .isEqualTo(new Passed());
        assertThat(play(SHORT, new Parrot(CONNECT, "", "message", "error"), lines))
                .isEqualTo(new Differs("client< closed", "nothing within 5000 ms"));
        assertThat(play(new Parrot(CONNECT, "", "message", "message"), lines))
                .isEqualTo(new Differs("client< error no", "\"message a foo - hi\""));
    }

    @Test
    void leavesOutWhatTheAdapterLacks() {
        assertThat(play(new Parrot(CONNECT, ""), "client> dance\nclient< ok\nclient< ok"))
                .isEqualTo(new NotRun("its adapter does not support a command of the conversation"));
    }

    @Test
    void runsAProgram() {
        Conversation conversation = conversation("""
                client> subscribe a b\\r\\n
                client< ok
                client> dance
                client< unsupported${*}
                """);
        String program = "sh -c 'while read -r line; do case $line in subs*) echo ok;; close) exit;; "
                + "*) echo \"unsupported $line\";; esac; done'";
        assertThat(ClientConformance.outcome(conversation, LONG, LONG, url -> new ProcessClientSession(program, url)))
                .isEqualTo(new Passed());
    }

    @Test
    void seesThatAProgramEnds() {
        Conversation conversation = conversation("client< closed\nclient> connect\nclient< ok");
        assertThat(ClientConformance.outcome(conversation, SHORT, LONG, url -> new ProcessClientSession("true", url)))
                .isInstanceOf(Differs.class);
    }

    private static Outcome play(ClientUnderTest client, String lines) {
        return play(LONG, client, lines);
    }

    private static Outcome play(Duration patience, ClientUnderTest client, String lines) {
        return ClientConformance.outcome(
                conversation("client> connect\nS1 greets\n" + lines),
                patience,
                LONG, // a parrot does not answer a PING
                url -> new JavaClientSession(client, url));
    }

    private static Conversation conversation(String lines) {
        return ConversationReader.read(
                        "topic", ("== name: what\nsource: x\n" + lines).lines().toList())
                .get(0);
    }

    /** Connects, and says what it was given: one text to connect, one to publish, and its events. */
    private static final class Parrot implements ClientUnderTest {
        private final String connect;
        private final String publish;
        private final String[] events;
        private @Nullable Socket socket;
        private @Nullable Listener listener;

        Parrot(String connect, String publish, String... events) {
            this.connect = connect;
            this.publish = publish;
            this.events = events;
        }

        @Override
        public void connect(String url, ConnectWish wish, Listener told) throws IOException {
            URI uri = URI.create(url);
            listener = told;
            socket = new Socket(uri.getHost(), uri.getPort());
            socket.getOutputStream().write(connect.getBytes(ISO_8859_1));
        }

        @Override
        public void subscribe(String tag, String subject, @Nullable String queue) {
            throw new UnsupportedOperationException("subscribe");
        }

        @Override
        public void unsubscribe(String tag, int max) {
            throw new UnsupportedOperationException("unsubscribe");
        }

        @Override
        public void publish(String subject, @Nullable String reply, Map<String, String> headers, byte[] data)
                throws IOException {
            if (socket != null) {
                socket.getOutputStream().write(publish.getBytes(ISO_8859_1));
            }
            for (String event : events) {
                tell(event);
            }
        }

        private void tell(String event) {
            if (listener == null) {
                throw new IllegalStateException("not connected");
            }
            switch (event) {
                case "message" -> listener.message("a", "foo", null, 0, null, "hi".getBytes(ISO_8859_1));
                case "error" -> listener.error("no");
                default -> listener.closed();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() throws IOException {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
