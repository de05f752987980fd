// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Builds the contenders that are written in other languages, where their compilers are. */
final class Programs {
    private static final int BUILD_MINUTES = 5;

    private final Path sources;
    private final Path programs;
    private final Map<String, String> environment;

    /** Why a program is not there. */
    static final class CannotBuildException extends Exception {
        private static final long serialVersionUID = 1L;

        CannotBuildException(String why) {
            super(why);
        }
    }

    /** @param target where the build of this module puts everything */
    Programs(Path target) {
        this(target, Map.of());
    }

    /** @param environment variables that compilers have besides those of this process */
    Programs(Path target, Map<String, String> environment) {
        sources = target.resolveSibling("src").resolve("peers");
        programs = target.resolve("peers");
        this.environment = environment;
    }

    /** Of a folder with a Go module; where it is. */
    Path go(String folder) throws CannotBuildException {
        Path module = sources.resolve("go").resolve(folder);
        Path program = programs.resolve(folder);
        build(
                module,
                List.of(
                        "go",
                        "build",
                        "-C",
                        module.toString(),
                        "-buildvcs=false",
                        "-mod=readonly",
                        "-o",
                        program.toString(),
                        "."));
        return program;
    }

    /** Of a file in C that needs libnats; where it is. */
    Path c(String file) throws CannotBuildException {
        Path source = sources.resolve("c").resolve(file + ".c");
        Path program = programs.resolve(file);
        build(source, List.of("cc", "-O2", "-o", program.toString(), source.toString(), "-lnats", "-lpthread"));
        return program;
    }

    private void build(Path source, List<String> command) throws CannotBuildException {
        if (!Files.exists(source)) {
            throw new CannotBuildException("its source is not there: " + source);
        }
        try {
            Files.createDirectories(programs);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.environment().putAll(environment);
            Process compiler = builder.start();
            String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!compiler.waitFor(BUILD_MINUTES, TimeUnit.MINUTES) || compiler.exitValue() != 0) {
                compiler.destroyForcibly();
                throw new CannotBuildException("it cannot be built: "
                        + said.strip().lines().findFirst().orElse("no text"));
            }
        } catch (IOException e) {
            throw new CannotBuildException("it cannot be built: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotBuildException("interrupted");
        }
    }
}
