// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** The account of a {@link StreamChaosRun}, and what is wrong with it. */
final class StreamChaosReport {
    private final List<String> lines = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();

    int kills;
    long confirmed;
    long received;

    void line(String text) {
        lines.add(text);
    }

    void expect(String what, boolean holds) {
        if (!holds) {
            violations.add("not so: " + what);
        }
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    void print(PrintStream out) {
        lines.forEach(out::println);
        out.println("violations    " + (violations.isEmpty() ? "none" : violations.size()));
        violations.stream().limit(20).forEach(violation -> out.println("              " + violation));
    }
}
