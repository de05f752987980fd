// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How programs of the JVM are started. */
final class JvmCommand {
    /** From here on Netty asks for flags. */
    private static final int NATIVE_ACCESS_SINCE = 24;

    private final @Nullable String gc;

    /** @param gc the collector, as in {@code -XX:+UseG1GC}; null for the JVM's choice */
    JvmCommand(@Nullable String gc) {
        this.gc = gc;
    }

    /** @param heap its size, fixed and touched before it is used; empty for the JVM's choice */
    List<String> of(Jdk jdk, String heap, String classPath, String program) {
        List<String> command = new ArrayList<>(List.of(jdk.java(), "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        if (jdk.version() >= NATIVE_ACCESS_SINCE) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (!heap.isEmpty()) {
            command.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch"));
        }
        if (gc != null) {
            command.add("-XX:+Use" + gc + "GC");
        }
        command.addAll(List.of("-cp", classPath, program));
        return command;
    }

    /** That of this process. */
    Jdk ownJdk() {
        return Jdk.at(Path.of(System.getProperty("java.home")));
    }

    /** That of this process. */
    String ownClassPath() {
        return System.getProperty("java.class.path");
    }

    /** Where the build has put everything. */
    Path target() {
        try {
            Path classes = Path.of(Objects.requireNonNull(JvmCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()));
            return Objects.requireNonNull(classes.getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
