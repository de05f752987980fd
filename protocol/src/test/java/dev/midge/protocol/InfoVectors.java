// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** INFO lines recorded from both server versions, by name. */
final class InfoVectors {
    static final Map<String, String> ALL = read();

    private InfoVectors() {}

    static String named(String name) {
        return Objects.requireNonNull(ALL.get(name), name);
    }

    private static Map<String, String> read() {
        try (InputStream in = Objects.requireNonNull(InfoVectors.class.getResourceAsStream("info.txt"))) {
            Map<String, String> vectors = new LinkedHashMap<>();
            for (String line : new String(in.readAllBytes(), UTF_8).split("\n", -1)) {
                if (!line.isEmpty() && !line.startsWith("#")) {
                    int blank = line.indexOf(' ');
                    vectors.put(line.substring(0, blank), line.substring(blank + 1));
                }
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
