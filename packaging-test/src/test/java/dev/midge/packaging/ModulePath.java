// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The java command, with the packaged jars as modules and no class path. */
final class ModulePath {
    private ModulePath() {}

    /** What it prints; fails unless it exits with 0. */
    static String java(String... arguments) throws IOException, InterruptedException {
        return run(PackagedJars.DIRECTORY + File.pathSeparator + PackagedJars.own(), arguments);
    }

    /** Likewise, with the jars of testkit. */
    static String javaWithTestkit(String... arguments) throws IOException, InterruptedException {
        return run(PackagedJars.TESTKIT.toString(), arguments);
    }

    private static String run(String modulePath, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--module-path");
        command.add(modulePath);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
