// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.fuzz.FuzzedTarget;
import dev.midge.testkit.fuzz.Mutator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The embedded server's decoder, with traffic of a real client that was damaged: commands, a wait for more, or one
 * fault; never an exception, nothing behind a fault, and the same for the same bytes however they come.
 */
class ServerDecoderFuzzTest extends FuzzedTarget {
    private static final int MAX_CONTROL_LINE = 300;
    private static final int MAX_PAYLOAD = 6000;

    private static final List<String> WORDS = List.of(
            "PUB ",
            "HPUB ",
            "SUB ",
            "UNSUB ",
            "CONNECT ",
            "PING\r\n",
            "PONG\r\n",
            "INFO ",
            "MSG ",
            "HMSG ",
            "+OK\r\n",
            "-ERR ",
            "pub\t",
            "hpub ",
            "\r\n",
            "\n",
            "\r",
            " ",
            "\t",
            "0",
            "1",
            "9",
            "12",
            "000000001",
            "999999999",
            "4294967296",
            "-1",
            "a.b",
            "NATS/1.0\r\n\r\n",
            "{}",
            "{\"verbose\":true}",
            "\"",
            "\0",
            "\u00ff",
            "PUB a 2\r\nhi\r\n",
            "HPUB a 12 14\r\nNATS/1.0\r\n\r\nhi\r\n",
            "SUB a 1\r\n",
            "UNSUB 1 2\r\n",
            "P",
            "+",
            "-");

    private static final Mutator MUTATOR = new Mutator("to-server", WORDS);

    ServerDecoderFuzzTest() {
        super("server's decoder", 5_000);
    }

    @Test
    void recordingsAreGood() {
        for (byte[] recording : MUTATOR.recordings()) {
            List<String> commands = new Log(0).decode(recording, List.of(recording.length));
            assertThat(commands).hasSizeGreaterThan(20).noneMatch(command -> command.startsWith("!"));
        }
    }

    @Override
    protected void execute(Random random) {
        byte[] bytes = MUTATOR.next(random);
        // The server may say at any command that it has had enough.
        int enough = random.nextInt(5) == 0 ? 1 + random.nextInt(20) : 0;
        List<String> whole = new Log(enough).decode(bytes, List.of(bytes.length));
        int most = Mutator.pieceSize(random);
        List<Integer> ends = new ArrayList<>();
        for (int end = 0; end < bytes.length; ends.add(end)) {
            end = Math.min(bytes.length, end + 1 + random.nextInt(most));
        }
        assertThat(new Log(enough).decode(bytes, ends)).isEqualTo(whole);
    }

    /** Writes down what a decoder makes of bytes. */
    private static final class Log implements Commands {
        private final List<String> all = new ArrayList<>();
        private final int enough;
        private boolean over;

        Log(int enough) {
            this.enough = enough;
        }

        List<String> decode(byte[] bytes, List<Integer> ends) {
            CommandDecoder decoder = new CommandDecoder(this, MAX_CONTROL_LINE);
            int from = 0;
            for (int end : ends) {
                // An array of its own, with something around, which is not there any more when the next one comes.
                byte[] received = new byte[end - from + 6];
                Arrays.fill(received, (byte) '\n');
                System.arraycopy(bytes, from, received, 3, end - from);
                decoder.decode(received, 3, 3 + end - from);
                Arrays.fill(received, (byte) '#');
                from = end;
            }
            return all;
        }

        private boolean found(String command) {
            assertThat(over).as("comes behind the end: " + command).isFalse();
            all.add(command);
            over = all.size() == enough;
            return !over;
        }

        private static String text(byte[] bytes, int from, int to) {
            return new String(bytes, from, to - from, ISO_8859_1);
        }

        @Override
        public boolean begins(byte first) {
            return true;
        }

        @Override
        public boolean connect(byte[] bytes, int from, int to) {
            return found("CONNECT " + text(bytes, from, to));
        }

        @Override
        public boolean info(byte[] bytes, int from, int to) {
            return found("INFO " + text(bytes, from, to));
        }

        @Override
        public boolean ping() {
            return found("PING");
        }

        @Override
        public boolean pong() {
            return found("PONG");
        }

        @Override
        public boolean subscribe(byte[] bytes, int from, int to) {
            return found("SUB " + text(bytes, from, to) + Arguments.split(bytes, from, to));
        }

        @Override
        public boolean unsubscribe(byte[] bytes, int from, int to) {
            return found("UNSUB " + text(bytes, from, to));
        }

        @Override
        public boolean publishLine(Publication publication) {
            if (publication.size > MAX_PAYLOAD) {
                over = true;
                all.add("!too large");
                return false;
            }
            return found("line " + arguments(publication));
        }

        private static String arguments(Publication p) {
            return text(p.line, p.subjectFrom, p.subjectTo) + " " + text(p.line, p.replyFrom, p.replyTo) + " "
                    + p.withHeaders + " " + p.headerLength + " " + p.size + " "
                    + (p.withHeaders ? text(p.line, p.headerDigitsFrom, p.headerDigitsTo) : "") + " "
                    + text(p.line, p.sizeDigitsFrom, p.sizeDigitsTo);
        }

        @Override
        public boolean publish(Publication publication, byte[] bytes, int body) {
            String payload = text(bytes, body, body + publication.size + 2);
            assertThat(payload).endsWith("\r\n");
            return found("body " + arguments(publication) + " " + payload);
        }

        @Override
        public boolean clientError() {
            return found("-ERR");
        }

        @Override
        public void unparsable(Fault fault) {
            assertThat(over).isFalse();
            over = true;
            all.add("!" + fault);
        }
    }
}
