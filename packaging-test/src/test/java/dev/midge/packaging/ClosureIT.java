// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** R-F1: what a program gets that asks for Midge. The build has gates for it; this looks at what came of them. */
class ClosureIT {
    private static final Pattern ALLOWED = Pattern.compile("(midge-[a-z-]+"
            + "|netty-(buffer|codec-base|common|handler|resolver|transport|transport-native-unix-common)"
            + "|slf4j-api|avaje-json(b|-core)|quickbuf-runtime)-\\d.*\\.jar");

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(PackagedJars.DIRECTORY)) {
            return files.toList();
        }
    }

    @Test
    void nothingElseComesWithIt() throws Exception {
        assertThat(jars()).extracting(jar -> jar.getFileName().toString()).allMatch(ALLOWED.asMatchPredicate());
    }

    @Test
    void theClientIsSmall() throws Exception {
        assertThat(bytes("midge-(protocol|transport|client)-.*")).isBetween(100_000L, 500_000L);
        assertThat(bytes("midge-(protocol|transport|client)-.*|(?!midge|quickbuf).*"))
                .isBetween(1_000_000L, 3_500_000L);
    }

    private static long bytes(String name) throws IOException {
        long sum = 0;
        for (Path jar : jars()) {
            sum += jar.getFileName().toString().matches(name) ? Files.size(jar) : 0;
        }
        return sum;
    }
}
