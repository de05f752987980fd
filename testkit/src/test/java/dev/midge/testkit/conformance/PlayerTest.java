// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.ScriptedServer;
import dev.midge.testkit.conformance.Player.NotOffered;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** That the suite sees what a server does otherwise: scripted servers, which do each thing wrong. */
class PlayerTest {
    /** Where something is to come. */
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Where nothing is. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    @Test
    void passes() {
        assertThat(play(
                        "C1 opens\nC1< INFO {}\\r\\n\nC1> PING\\r\\n\nC1< PONG\\r\\n",
                        peer -> peer.send("INFO {}\r\n").expect("PING\r\n").send("PONG\r\n")))
                .isEqualTo(new Outcome.Passed());
    }

    /** The INFO comes when the suite has asked with a PING after one second. */
    @Test
    void takesAnInfoThatComesLate() {
        assertThat(play(
                        LONG,
                        Player.SOON,
                        "C1 opens\nC1< INFO {}\\r\\n",
                        peer -> peer.expect("PING\r\n").send("INFO {}\r\nPONG\r\n")))
                .isEqualTo(new Outcome.Passed());
    }

    @Test
    void seesAnotherFrame() {
        assertThat(play("C1 opens\nC1< PONG\\r\\n", peer -> peer.send("-ERR 'x'\r\n")))
                .isEqualTo(new Outcome.Differs("C1< PONG\\r\\n", "\"-ERR 'x'\\r\\n\""));
    }

    @Test
    void seesThatTheServerClosed() {
        assertThat(play("C1 opens\nC1< PONG\\r\\n", peer -> peer.close()))
                .isEqualTo(new Outcome.Differs("C1< PONG\\r\\n", "closed"));
    }

    @Test
    void seesHalfAFrameBeforeTheEnd() {
        assertThat(play(
                        "C1 opens\nC1< closed",
                        peer -> peer.send("MSG a 1 5\r\nhe").close()))
                .isEqualTo(new Outcome.Differs("C1< closed", "\"MSG a 1 5\\r\\nhe\""));
    }

    @Test
    void seesThatTheServerStaysOpen() {
        assertThat(play(SHORT, "C1 opens\nC1< closed", peer -> {}))
                .isEqualTo(new Outcome.Differs("C1< closed", "nothing within 2000 ms"));
    }

    @Test
    void seesOneFrameTooMany() {
        assertThat(play("C1 opens\nC1< nothing", peer -> peer.expect("PING\r\n").send("MSG a 1 0\r\n\r\nPONG\r\n")))
                .isEqualTo(new Outcome.Differs("C1< nothing", "\"MSG a 1 0\\r\\n\\r\\n\""));
    }

    @Test
    void nothingIsNotTheEnd() {
        assertThat(play("C1 opens\nC1< nothing", peer -> peer.expect("PING\r\n").close()))
                .isEqualTo(new Outcome.Differs("C1< nothing", "closed"));
    }

    @Test
    void passesOverInfoAndAnswersPings() {
        assertThat(play(
                        "C1 opens\nC1< MSG a 1 2\\r\\nhi\\r\\n",
                        peer -> peer.send("INFO {\"ldm\":true}\r\nPING\r\n")
                                .expect("PONG\r\n")
                                .sendInPieces(1, "MSG a 1 2\r\nhi\r\n")))
                .isEqualTo(new Outcome.Passed());
    }

    @Test
    void seesAFieldThatIsWrong() {
        assertThat(play(
                        "C1 opens\nC1< INFO {\"headers\":true}\\r\\n",
                        peer -> peer.send("INFO {\"headers\":false}\r\n")))
                .isEqualTo(new Outcome.Differs("C1< INFO {\"headers\":true}\\r\\n", "field headers = false"));
        assertThat(play("C1 opens\nC1< INFO {\"nonce\":null}\\r\\n", peer -> peer.send("INFO {\"nonce\":\"x\"}\r\n")))
                .isEqualTo(new Outcome.Differs("C1< INFO {\"nonce\":null}\\r\\n", "field nonce = \"x\""));
        assertThat(play("C1 opens\nC1< INFO {\"client_id\":\"${id=[0-9]+}\"}\\r\\n", peer -> peer.send("INFO {}\r\n")))
                .isEqualTo(new Outcome.Differs(
                        "C1< INFO {\"client_id\":\"${id=[0-9]+}\"}\\r\\n", "field client_id absent"));
    }

    @Test
    void takesFramesInAnyOrder() {
        String both = "C1 opens\nC1<~ MSG a 1 0\\r\\n\\r\\n\nC1<~ MSG a 2 0\\r\\n\\r\\n";
        assertThat(play(both, peer -> peer.send("MSG a 2 0\r\n\r\nMSG a 1 0\r\n\r\n")))
                .isEqualTo(new Outcome.Passed());
        assertThat(play(both, peer -> peer.send("MSG a 2 0\r\n\r\nMSG a 2 0\r\n\r\n")))
                .isEqualTo(new Outcome.Differs("C1<~ MSG a 1 0\\r\\n\\r\\n", "\"MSG a 2 0\\r\\n\\r\\n\""));
    }

    @Test
    void findsTheOneThatGetsAFrame() {
        assertThat(play(
                        "C1 opens\nC2 opens\nC1|C2<+ -ERR 'x'\\r\\n\nC1< closed",
                        peer -> {},
                        peer -> peer.send("-ERR 'x'\r\n").close()))
                .isEqualTo(new Outcome.Passed());
        assertThat(play(SHORT, "C1 opens\nC2 opens\nC1|C2<+ PONG\\r\\n", peer -> {}, peer -> {}))
                .isEqualTo(new Outcome.Differs("C1|C2<+ PONG\\r\\n", "nothing within 2000 ms"));
        assertThat(play("C1 opens\nC2 opens\nC1|C2<+ PONG\\r\\n", peer -> {}, peer -> peer.send("+OK\r\n")))
                .isEqualTo(new Outcome.Differs("C1|C2<+ PONG\\r\\n", "\"+OK\\r\\n\""));
    }

    @Test
    void endsSubscriptionsAfterwards() {
        assertThat(play(
                        "C1 opens\nC1> SUB a q 7\\r\\nsub b 8\\r\\n",
                        peer -> peer.expect("SUB a q 7\r\nsub b 8\r\n")
                                .expect("UNSUB 7\r\nUNSUB 8\r\nPING\r\n")
                                .send("PONG\r\n")))
                .isEqualTo(new Outcome.Passed());
    }

    @Test
    void saysWhatTheServerLacks() {
        assertThat(play("C1 opens\nserver> lame duck", peer -> {}))
                .isEqualTo(new Outcome.NotRun("needs lame duck mode"));
    }

    private static Outcome play(String lines, ScriptedServer.Script... scripts) {
        return play(LONG, lines, scripts);
    }

    /** Never asks by a PING: the scripts say it where they expect one. */
    private static Outcome play(Duration patience, String lines, ScriptedServer.Script... scripts) {
        return play(patience, LONG, lines, scripts);
    }

    private static Outcome play(Duration patience, Duration soon, String lines, ScriptedServer.Script... scripts) {
        Conversation conversation = ConversationReader.read(
                        "topic", ("== name: what\nsource: x\n" + lines).lines().toList())
                .get(0);
        try (ScriptedServer server = ScriptedServer.start(scripts)) {
            Outcome outcome;
            try (Player player = new Player(new ServerStage(new At(server.port())), patience, soon)) {
                outcome = player.play(conversation);
            }
            server.await();
            return outcome;
        }
    }

    private record At(int port) implements ServerUnderTest.Running {
        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public void lameDuck() throws NotOffered {
            throw new NotOffered("needs lame duck mode");
        }

        @Override
        public void announce(String server) throws NotOffered {
            throw new NotOffered("needs others");
        }

        @Override
        public void forget(String server) throws NotOffered {
            throw new NotOffered("needs others");
        }

        @Override
        public SSLContext trusting() throws NotOffered {
            throw new NotOffered("needs TLS");
        }

        @Override
        public void reload(Needs needs) throws NotOffered {
            throw new NotOffered("needs a configuration");
        }

        @Override
        public void close() {}
    }
}
