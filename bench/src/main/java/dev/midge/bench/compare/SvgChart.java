// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * CPU per million messages as bars: a block for each workload, in it a line for each contender and a column for each size, whose
 * longest bar fills it.
 */
final class SvgChart {
    private static final int NAMES = 170;
    private static final int COLUMN = 200;
    private static final int BAR = 130;
    private static final int LINE = 18;
    private static final int MARGIN = 12;

    private final StringBuilder svg = new StringBuilder();
    private int y = MARGIN;
    private int width = NAMES + COLUMN;

    private SvgChart() {}

    /** A document of its own. */
    static String of(Report report) {
        SvgChart chart = new SvgChart();
        Map<String, List<Result>> blocks = new LinkedHashMap<>();
        for (Result result : report.results()) {
            Cell cell = result.cell();
            if (result.rows().stream().anyMatch(row -> row.figures().containsKey(Figure.CPU))) {
                String block = cell.workload().label()
                        + (cell.storage().isEmpty() ? "" : ", " + cell.storage())
                        + (cell.headers() == 0 ? "" : ", " + cell.headers() + " headers");
                blocks.computeIfAbsent(block, key -> new ArrayList<>()).add(result);
            }
        }
        blocks.forEach(chart::block);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + chart.width + "\" height=\"" + chart.y
                + "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n" + chart.svg + "</svg>\n";
    }

    private void block(String name, List<Result> results) {
        width = Math.max(width, NAMES + COLUMN * results.size() + MARGIN);
        y += LINE;
        text(
                MARGIN,
                "font-weight=\"bold\"",
                name + ": CPU seconds per million "
                        + results.get(0).cell().workload().counted());
        y += LINE;
        for (int column = 0; column < results.size(); column++) {
            text(
                    NAMES + column * COLUMN,
                    "fill=\"#666\"",
                    results.get(column).cell().size() + " B");
        }
        Set<String> contenders = new LinkedHashSet<>();
        results.forEach(result -> result.rows().forEach(row -> contenders.add(row.contender())));
        for (String contender : contenders) {
            y += LINE;
            text(MARGIN, "", contender);
            for (int column = 0; column < results.size(); column++) {
                bar(NAMES + column * COLUMN, contender, results.get(column));
            }
        }
        y += LINE;
    }

    private void bar(int x, String contender, Result result) {
        double most = result.rows().stream().mapToDouble(SvgChart::cpu).max().orElse(0);
        double value = result.row(contender).map(SvgChart::cpu).orElse(0.0);
        if (value > 0) {
            double length = Math.max(1, BAR * value / most);
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                    x,
                    y - LINE + 2 * 3,
                    length,
                    LINE - 2 * 2,
                    contender.startsWith(Result.BASE) ? "#c0392b" : contender.equals("raw") ? "#aaaaaa" : "#5b7fa6"));
            text((int) (x + length + 4), "", Figure.text(value));
        }
    }

    private static double cpu(Row row) {
        Series series = row.figures().get(Figure.CPU);
        return series == null ? 0 : series.median();
    }

    private void text(int x, String attributes, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" %s>%s</text>%n", x, y, attributes, escaped));
    }
}
