// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JDK that contenders run on. */
record Jdk(Path home, int version) {
    /** Reads its version from its file {@code release}: {@code JAVA_VERSION="17.0.15"}. */
    static Jdk at(Path home) {
        try {
            return new Jdk(
                    home,
                    Files.readAllLines(home.resolve("release")).stream()
                            .filter(line -> line.startsWith("JAVA_VERSION="))
                            .map(line -> line.replaceAll("[^0-9.]", "").replaceAll("\\..*", ""))
                            .mapToInt(Integer::parseInt)
                            .findFirst()
                            .orElseThrow(() -> new UsageException("no JAVA_VERSION in " + home + "/release")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the version of the JDK at " + home, e);
        }
    }

    String java() {
        return home.resolve("bin/java").toString();
    }
}
