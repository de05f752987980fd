// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What all contenders came to in a cell. */
record Result(Cell cell, List<Row> rows) {
    /** Whose figures are 1. */
    static final String BASE = "midge";

    /** Whose figures are 1 for a contender: Midge's on the same JDK, where there are several. */
    String base(String contender) {
        int jdk = contender.indexOf('@');
        String same = jdk < 0 ? BASE : BASE + contender.substring(jdk);
        return row(same).isPresent()
                ? same
                : rows.stream()
                        .map(Row::contender)
                        .filter(name -> name.startsWith(BASE + "@"))
                        .findFirst()
                        .orElse(BASE);
    }

    /** That of a contender, where it took part. */
    Optional<Row> row(String contender) {
        return rows.stream().filter(row -> row.contender().equals(contender)).findFirst();
    }

    /** What part of another contender's figure a contender's is, where both have it. */
    OptionalDouble ratio(Figure figure, String contender, String to) {
        Series own = series(figure, contender);
        Series other = series(figure, to);
        if (own == null || other == null) {
            return OptionalDouble.empty();
        }
        double ratio = own.ratio(other);
        return Double.isFinite(ratio) ? OptionalDouble.of(ratio) : OptionalDouble.empty();
    }

    private @Nullable Series series(Figure figure, String contender) {
        return row(contender).map(row -> row.figures().get(figure)).orElse(null);
    }
}
