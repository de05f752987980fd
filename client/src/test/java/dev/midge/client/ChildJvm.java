// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of the tests, in a JVM of its own: for what is decided when a JVM starts. */
final class ChildJvm {
    private static final long DEADLINE_SECONDS = 50;

    /**
     * What a program that ended well has printed.
     *
     * @param out to the standard output
     * @param err to the standard error, the log of slf4j-simple included
     */
    record Output(String out, String err) {}

    private ChildJvm() {}

    /** Runs it on the JDK and the class path of this JVM, to its end; fails unless it exits with 0. */
    static Output run(Class<?> program, List<String> jvmArguments, String... arguments)
            throws IOException, InterruptedException {
        return run(program, Map.of(), jvmArguments, arguments);
    }

    /** As above, with more environment variables than this JVM has. */
    static Output run(Class<?> program, Map<String, String> environment, List<String> jvmArguments, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("midge", ".out");
        Path err = Files.createTempFile("midge", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
            Output output = new Output(Files.readString(out), Files.readString(err));
            assertThat(ended).as("has ended: %s", output).isTrue();
            assertThat(process.exitValue()).as("exit value of %s", output).isZero();
            return output;
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(out);
            Files.delete(err);
        }
    }
}
