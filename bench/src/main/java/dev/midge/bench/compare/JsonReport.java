// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import io.avaje.json.mapper.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report for programs. */
final class JsonReport {
    private JsonReport() {}

    /** One object: {@code facts}, {@code leftOut}, and {@code cells} with {@code rows} with {@code figures}. */
    static String of(Report report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("facts", report.facts());
        json.put("leftOut", report.leftOut());
        json.put("cells", report.results().stream().map(JsonReport::cell).toList());
        return JsonMapper.builder().build().toJson(json) + "\n";
    }

    private static Map<String, Object> cell(Result result) {
        Cell cell = result.cell();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("workload", cell.workload().label());
        if (cell.workload().hasMessages()) {
            json.put("size", cell.size());
            json.put("headers", cell.headers());
        }
        if (!cell.storage().isEmpty()) {
            json.put("storage", cell.storage());
        }
        json.put("rows", result.rows().stream().map(row -> row(result, row)).toList());
        return json;
    }

    private static Map<String, Object> row(Result result, Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("contender", row.contender());
        json.put("client", row.client());
        if (row.error() != null) {
            json.put("error", row.error());
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        row.figures().forEach((figure, series) -> figures.put(figure.key(), figure(result, row, figure, series)));
        json.put("figures", figures);
        return json;
    }

    private static Map<String, Object> figure(Result result, Row row, Figure figure, Series series) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("median", series.median());
        json.put("min", series.min());
        json.put("max", series.max());
        json.put("rounds", List.copyOf(series.values()));
        result.ratio(figure, row.contender(), result.base(row.contender()))
                .ifPresent(ratio -> json.put("ratio", ratio));
        return json;
    }
}
