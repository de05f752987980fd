// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The jars as the build packaged them, in target of this module. */
final class PackagedJars {
    static final Path DIRECTORY = Path.of("target", "module-path");

    /** Where those of testkit are, and what it needs. */
    static final Path TESTKIT = Path.of("target", "testkit-path");

    private PackagedJars() {}

    /** The jar of the program that uses the others. */
    static Path own() throws IOException {
        return jarsIn(Path.of("target")).stream().findFirst().orElseThrow();
    }

    /** Midge's own jars among what the program and testkit need. */
    static List<Path> ofMidge() throws IOException {
        List<Path> jars = new ArrayList<>(jarsIn(DIRECTORY));
        jarsIn(TESTKIT).stream()
                .filter(jar -> jar.getFileName().toString().startsWith("midge-testkit"))
                .forEach(jars::add);
        return jars;
    }

    private static List<Path> jarsIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().matches("midge-.*\\.jar"))
                    .sorted()
                    .toList();
        }
    }
}
