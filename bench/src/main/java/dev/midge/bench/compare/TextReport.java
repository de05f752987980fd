// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A result as a table for people. */
final class TextReport {
    private TextReport() {}

    /** A heading, a line for each contender, and a line for each that failed. */
    static String of(Result result) {
        List<Figure> figures = Arrays.stream(Figure.values())
                .filter(figure ->
                        result.rows().stream().anyMatch(row -> row.figures().containsKey(figure)))
                .toList();
        List<List<String>> lines = new ArrayList<>();
        List<String> headings = new ArrayList<>(List.of(""));
        figures.forEach(figure -> headings.add(figure.heading()));
        lines.add(headings);
        for (Row row : result.rows()) {
            if (!row.figures().isEmpty()) {
                List<String> line = new ArrayList<>(List.of(row.contender()));
                figures.forEach(figure -> line.add(text(result, row, figure)));
                lines.add(line);
            }
        }
        StringBuilder text = new StringBuilder(result.cell().toString()).append('\n');
        lines.forEach(line -> text.append(padded(line, lines)).append('\n'));
        for (Row row : result.rows()) {
            if (row.error() != null) {
                text.append("  ")
                        .append(row.contender())
                        .append(" failed: ")
                        .append(row.error())
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** As in {@code 6.31M (6.2M-6.4M) 1.05x}: the median, the range, and what part of Midge's it is. */
    private static String text(Result result, Row row, Figure figure) {
        Series series = row.figures().get(figure);
        if (series == null) {
            return "";
        }
        String text = Figure.text(series.median());
        if (series.min() < series.max()) {
            text += " (" + Figure.text(series.min()) + "-" + Figure.text(series.max()) + ")";
        }
        var ratio = result.ratio(figure, row.contender(), result.base(row.contender()));
        return ratio.isPresent() ? text + " " + Figure.text(ratio.getAsDouble()) + "x" : text;
    }

    private static String padded(List<String> line, List<List<String>> lines) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < line.size(); column++) {
            int at = column;
            int width = lines.stream()
                    .mapToInt(other -> other.get(at).length())
                    .max()
                    .orElse(0);
            text.append("  ")
                    .append(line.get(column))
                    .append(" ".repeat(width - line.get(column).length()));
        }
        return text.toString().stripTrailing();
    }

    /** What is behind the names. */
    static String clients(List<Result> results) {
        Map<String, String> clients = new TreeMap<>();
        results.forEach(result -> result.rows().forEach(row -> clients.put(row.contender(), row.client())));
        StringBuilder text = new StringBuilder();
        clients.forEach(
                (name, client) -> text.append(name).append(": ").append(client).append('\n'));
        return text.toString();
    }

    /** What a report begins with. */
    static String heading(Map<String, String> facts) {
        StringBuilder text = new StringBuilder();
        facts.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        text.append("each figure: median (least-most) of the rounds, and what part of ")
                .append(Result.BASE)
                .append("'s it is\n");
        return text.toString();
    }
}
