// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Python with walnats, in a virtual environment in the module's target folder, where {@code .ci/run} makes it, or else this does.
 * Where that is not possible tests are skipped, with a line that says so; they fail where the environment has {@code
 * MIDGE_WALNATS=required}.
 */
final class Walnats {
    private static final String VERSION = "1.2.6";
    private static final long INSTALL_MINUTES = 5;

    /** A program of Python begins slowly where the machine is busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(80);

    private static final Path FOLDER = Path.of("target", "walnats-" + VERSION).toAbsolutePath();
    private static final Path PYTHON = FOLDER.resolve("bin/python");
    private static @Nullable String problem;

    private Walnats() {}

    /** Sees to it that there is walnats. Tries once. */
    static synchronized void install() throws IOException, InterruptedException {
        Path complete = FOLDER.resolve("complete");
        if (Files.exists(complete)) {
            return;
        }
        assertThat(System.getenv("MIDGE_WALNATS"))
                .as("there is no " + complete + ", which .ci/run makes")
                .isNotEqualTo("required");
        if (problem == null) {
            problem = step("python3", "-m", "venv", FOLDER.toString());
        }
        if (problem.isEmpty()) {
            problem = step(
                    PYTHON.toString(),
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "walnats==" + VERSION);
        }
        if (problem.isEmpty()) {
            Files.createFile(complete);
            return;
        }
        String line = "walnats is not tested against: " + problem;
        System.out.println("Skipped WalnatsIT: " + line);
        Assumptions.abort(line);
    }

    /** Why that did not work; empty if it did. */
    private static String step(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("walnats", ".log");
        String said;
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean ended = process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
            if (ended && process.exitValue() == 0) {
                return "";
            }
            process.destroyForcibly().waitFor();
            said = ended ? Files.readString(log, UTF_8) : "took longer than " + INSTALL_MINUTES + " minutes";
        } catch (IOException e) {
            said = String.valueOf(e.getMessage());
        } finally {
            Files.deleteIfExists(log);
        }
        return String.join(" ", command) + ": " + said.strip().replaceAll("\\s+", " ");
    }

    /** Runs a program of Python; its output goes to a file. */
    static Running run(String program, String... arguments) throws IOException {
        Path script = Files.createTempFile("walnats", ".py");
        Path log = Files.createTempFile("walnats", ".out");
        Files.writeString(script, program, UTF_8);
        List<String> command = new ArrayList<>(List.of(PYTHON.toString(), script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("TZ", "UTC");
        builder.environment().put("PYTHONUNBUFFERED", "1");
        builder.environment().put("PYTHONUTF8", "1");
        builder.environment().put("PYTHONWARNINGS", "ignore");
        return new Running(builder.start(), script, log);
    }

    /** A process that is ended when it is closed. */
    record Running(Process process, Path script, Path log) implements AutoCloseable {
        private String output() throws IOException {
            return Files.readString(log, UTF_8);
        }

        /** Waits for its end; fails with its output if that is not 0. */
        String await() throws IOException, InterruptedException {
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError(
                        (ended ? "ended with " + process.exitValue() : "did not end") + ": " + output());
            }
            return output();
        }

        /** Waits until it has said so many lines; fails if it ends before. */
        List<String> awaitLines(int count) throws IOException {
            Patience.until(count + " lines of walnats", PATIENCE, () -> {
                boolean alive = process.isAlive();
                long said = output().chars().filter(c -> c == '\n').count();
                if (said < count && !alive) {
                    throw new AssertionError("walnats has ended: " + output());
                }
                return said >= count;
            });
            return output().lines().toList();
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly().onExit().join();
            Files.deleteIfExists(script);
            Files.deleteIfExists(log);
        }
    }
}
