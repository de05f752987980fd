// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program in the README, as it stands there: the JDK compiles and runs it as it would for a newcomer, only that the
 * server has another port, and that connecting to it may take a machine that is busy longer than usual. There is no
 * second copy of it to go another way.
 */
@NatsServerTest
class ReadmeIT {
    private static final Path README = Path.of("..", "README.md");
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void theFirstProgramRuns(NatsServer server, @TempDir Path directory) throws Exception {
        List<String> programs = PROGRAM.matcher(Files.readString(README))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(programs).singleElement().asString().contains("\"nats://localhost:4222\"", "// rain");
        Path source = directory.resolve("First.java");
        String patient = "dev.midge.client.Patient.connect(\"" + server.url() + "\")";
        Files.writeString(source, programs.get(0).replace("Nats.connect(\"nats://localhost:4222\")", patient));
        assertThat(run(source, directory.resolve("out"))).isEqualTo("rain\n");
    }

    /** What a program of one file prints to its standard output; fails unless it compiles and exits with 0. */
    private static String run(Path source, Path out) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path err = out.resolveSibling("err");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("%s", Files.readString(err, UTF_8))
                    .isZero();
            return Files.readString(out, UTF_8);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
