// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.base.ScriptedServer;
import io.avaje.json.mapper.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code bench/midge conformance} prints, and how it ends. */
class ConformanceTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void reportsInText() {
        assertThat(run("--server", "embedded")).isZero();
        assertThat(out.toString(UTF_8))
                .startsWith("EmbeddedServer, compared with what is expected of embedded\n")
                .contains("  info/says-jetstream not run: needs nats-server's jetstream")
                .containsPattern("(\\d+) conversations: \\d+ passed, 0 differ, \\d+ not run; " + "0 not as expected");
        assertThat(err.size()).isZero();
    }

    @Test
    void reportsInJson() {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            assertThat(run("--format", "json", "--url", server.url())).isZero();
        }
        Map<String, Object> report = JsonMapper.builder().build().fromJsonObject(out.toString(UTF_8));
        assertThat(report).containsEntry("expectation", "embedded").containsEntry("unexpected", 0L);
        List<?> results = (List<?>) report.getOrDefault("results", List.of());
        assertThat(report).containsEntry("conversations", (long) results.size());
        assertThat(results)
                .first()
                .isEqualTo(Map.of(
                        "topic", "info",
                        "id", "info/comes-first",
                        "description", "the server speaks first, with an INFO that has what a client needs to know",
                        "outcome", "passed",
                        "as_expected", true));
    }

    @Test
    void endsWith1WhereAServerDiffers() {
        try (EmbeddedServer server = EmbeddedServer.builder().headers(false).start()) {
            assertThat(run("--url", server.url())).isEqualTo(1);
        }
        assertThat(out.toString(UTF_8))
                .contains("! info/comes-first differs: C1< INFO {")
                .contains("-- saw field headers");
    }

    /** R-F11: the program that is the example for others. Each conversation has a JVM of its own. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void testsAClientThatIsAProgram() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "'" + java + "' -Xshare:auto -XX:TieredStopAtLevel=1 -cp '"
                + System.getProperty("java.class.path") + "' " + ConformanceClient.class.getName();
        assertThat(run("--topic", "subscriptions", "--client", command))
                .as(out.toString(UTF_8))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("0 differ, 0 not run; 0 not as expected");
    }

    @Test
    void saysWhatItDoesNotUnderstand() {
        assertThat(run("--colour")).isEqualTo(2);
        assertThat(run("--url")).isEqualTo(2);
        assertThat(run("--url", "http://localhost")).isEqualTo(2);
        assertThat(run("--server", "1.0")).isEqualTo(2);
        assertThat(run("--topic", "shoes")).isEqualTo(2);
        assertThat(run("--format", "xml")).isEqualTo(2);
        assertThat(run("--table", "--server", "embedded")).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .contains("unknown argument: --colour")
                .contains("--url needs a value")
                .contains("url is http://localhost, but has to be like nats://")
                .contains("--server is 1.0, but has to be one of 2.15.2, 2.9.10, embedded")
                .contains("topic is shoes, but has to be one of info, connect")
                .contains("--format is xml")
                .contains("exclude each other")
                .contains("usage: bench/midge conformance");
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        try (ScriptedServer server =
                ScriptedServer.start(peer -> peer.send("HTTP/1.1 400\r\n").close())) {
            assertThat(run("--url", server.url())).isEqualTo(2);
        }
        assertThat(err.toString(UTF_8))
                .contains("Cannot test the server at 127.0.0.1:")
                .contains("no INFO came");
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // so nobody else listens there
            assertThat(run("--url", "nats://127.0.0.1:" + bound.getLocalPort())).isEqualTo(2);
        }
        assertThat(err.toString(UTF_8)).contains("Connection refused");
        assertThat(out.size()).isZero();
    }

    private int run(String... args) {
        return Conformance.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }
}
