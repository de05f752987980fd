// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The program of {@code src/test/go} while it runs. It is built with Go from what the machine has: nothing is downloaded
 * while tests run.
 */
final class GoProgram implements AutoCloseable {
    /** Beyond the limits that the program has for itself. */
    private static final int PATIENCE_SECONDS = 120;

    private static final File SOURCES = new File("src/test/go");
    private static final Path BUILT = Path.of("target/go/interop").toAbsolutePath();

    private final Process process;
    private final BufferedReader output;

    private GoProgram(Process process) {
        this.process = process;
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Builds it. Where that is not possible the tests are skipped, with a line that says so; they fail where the environment
     * has {@code MIDGE_GO=required}.
     */
    static void build() throws Exception {
        Files.createDirectories(BUILT.getParent());
        Path log = BUILT.resolveSibling("build.log");
        String failure;
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            "go", "build", "-buildvcs=false", "-mod=readonly", "-o", BUILT.toString(), ".")
                    .directory(SOURCES)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().put("GOPROXY", "off");
            builder.environment().put("GOTOOLCHAIN", "local");
            Process go = builder.start();
            boolean ended = go.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            go.destroyForcibly();
            failure = ended && go.exitValue() == 0 ? "" : ended ? Files.readString(log) : "go build takes too long";
        } catch (IOException e) {
            failure = "there is no Go: " + e.getMessage();
        }
        if (!failure.isEmpty()) {
            String line = "stan.go is not tested against: " + failure.strip();
            assertThat(System.getenv("MIDGE_GO")).as(line).isNotEqualTo("required");
            System.out.println("Skipped GoInteropIT: " + line);
            Assumptions.abort(line);
        }
    }

    static GoProgram start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(BUILT.toString()));
        command.addAll(List.of(arguments));
        return new GoProgram(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** The next line that it prints, without a word that it has to begin with. */
    String said(String word) throws IOException {
        String line = output.readLine();
        assertThat(line).as("what the program says").startsWith(word);
        return line.substring(word.length()).strip();
    }

    /** Ends its input, and waits for it to end. */
    void end() throws Exception {
        process.getOutputStream().close();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }
}
