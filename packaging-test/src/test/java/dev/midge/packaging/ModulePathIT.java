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
import org.junit.jupiter.api.Test;

/** R-F4: the packaged jars work as modules, with what they export and nothing else. */
class ModulePathIT {
    @Test
    void aProgramRunsOnTheModulePath() throws Exception {
        assertThat(java("--module", "dev.midge.packaging/dev.midge.packaging.Consumer"))
                .contains("module dev.midge.packaging understood 2.15.2 and module dev.midge.protocol refused");
    }

    @Test
    void noTwoModulesSharePackages() throws Exception {
        assertThat(java("--validate-modules")).doesNotContain("error", "conflict");
    }

    @Test
    void everyModuleFindsWhatItRequires() throws Exception {
        assertThat(java("--add-modules", "ALL-MODULE-PATH", "--list-modules"))
                .contains("dev.midge.micro", "dev.midge.stan");
    }

    private static String java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--module-path");
        command.add(PackagedJars.DIRECTORY + File.pathSeparator + PackagedJars.own());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
