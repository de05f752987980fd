// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.avaje.json.mapper.JsonMapper;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** What is made of the figures of contenders. */
class ReportTest {
    private final Row midge = row("midge", 1e6, 3e6, 2e6);
    private final Row other = row("<a & b>", 2e6, 2e6, 2e6);
    private final Row failed = row("jnats");
    private final Result result = new Result(new Cell(Workload.PUBLISH, 128, 3, ""), List.of(midge, other, failed));
    private final Report report =
            new Report(Map.of("server", "a server"), List.of("nats.c is left out"), List.of(result));

    /** With that many messages in each second, and a microsecond of CPU for each. */
    private static Row row(String name, double... rates) {
        Row row = new Row(name);
        row.client("client of " + name);
        for (double rate : rates) {
            row.add(Map.of("messages", rate, "seconds", 1.0, "cpuSeconds", rate * 1e-6, "allocatedBytes", rate * 64));
        }
        return row;
    }

    private static Series series(Row row, Figure figure) {
        return Objects.requireNonNull(row.figures().get(figure));
    }

    @Test
    void hasMedianRangeAndRatioOfTheRounds() {
        failed.failed("it died");
        Series rate = series(midge, Figure.RATE);
        assertThat(rate.median()).isEqualTo(2e6);
        assertThat(rate.min()).isEqualTo(1e6);
        assertThat(rate.max()).isEqualTo(3e6);
        assertThat(series(midge, Figure.CPU).median()).isCloseTo(1.0, within(1e-9));
        assertThat(series(midge, Figure.ALLOCATED).median()).isCloseTo(64.0, within(1e-9));
        // 2/1, 2/3, 2/2
        assertThat(result.ratio(Figure.RATE, "<a & b>", "midge")).hasValue(1.0);
        assertThat(result.ratio(Figure.RATE, "jnats", "midge")).isEmpty();
        assertThat(result.ratio(Figure.P50, "<a & b>", "midge")).isEmpty();
    }

    @Test
    void aRatioIsToMidgeOnTheSameJdk() {
        Result jdks = new Result(
                result.cell(),
                List.of(
                        row("raw", 8),
                        row("midge@17", 4),
                        row("midge@25", 2),
                        row("jnats+1g@25", 1),
                        row("jnats@17", 1)));
        assertThat(TextReport.of(jdks))
                .contains("  raw          8.00 2.00x")
                .contains("  jnats+1g@25  1.00 0.500x")
                .contains("  jnats@17     1.00 0.250x");
    }

    @Test
    void aRatioToNothingIsNone() {
        Row still = new Row("midge");
        Row busy = new Row("busy");
        still.add(Map.of("messages", 0, "seconds", 2, "cpuSeconds", 0));
        busy.add(Map.of("messages", 0, "seconds", 2, "cpuSeconds", 0.5));
        Result idle = new Result(new Cell(Workload.IDLE, 0, 0, ""), List.of(still, busy));
        assertThat(series(busy, Figure.IDLE_CPU).median()).isEqualTo(250);
        assertThat(idle.ratio(Figure.IDLE_CPU, "busy", "midge")).isEmpty();
        assertThat(idle.ratio(Figure.IDLE_CPU, "midge", "midge")).isEmpty();
    }

    @Test
    void anOutcomeWithoutANumberIsRefused() {
        assertThatThrownBy(() -> midge.add(Map.of("messages", "many")))
                .hasMessageContaining("there is no number \"messages\"");
    }

    @Test
    void isATableForPeople() {
        failed.failed("it died");
        String text = TextReport.of(result);
        assertThat(text.lines().findFirst()).hasValue("publish, 128 B, 3 headers");
        assertThat(text)
                .contains("  midge    2.00M (1.00M-3.00M) 1.00x")
                .contains("  <a & b>  2.00M 1.00x")
                .contains("  jnats failed: it died");
        assertThat(TextReport.clients(List.of(result))).contains("midge: client of midge");
    }

    @Test
    void isJson() {
        failed.failed("it died");
        Map<String, Object> json = JsonMapper.builder().build().fromJsonObject(JsonReport.of(report));
        assertThat(json).containsEntry("leftOut", List.of("nats.c is left out"));
        Object cell = JsonTree.at(json, "cells", 0);
        assertThat(JsonTree.at(cell, "workload")).isEqualTo("publish");
        assertThat(JsonTree.number(cell, "rows", 0, "figures", "rate", "median"))
                .isEqualTo(2e6);
        assertThat((List<?>) JsonTree.at(cell, "rows", 0, "figures", "rate", "rounds"))
                .hasSize(3);
        assertThat(JsonTree.at(cell, "rows", 2, "error")).isEqualTo("it died");
    }

    @Test
    void isAChartThatXmlParsersUnderstand() throws Exception {
        Document svg = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(SvgChart.of(report).getBytes(UTF_8)));
        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        // the background, and a bar for each contender with figures
        assertThat(svg.getElementsByTagName("rect").getLength()).isEqualTo(3);
        assertThat(svg.getDocumentElement().getTextContent()).contains("<a & b>", "publish, 3 headers", "128 B");
    }

    @Test
    void numbersHaveThreeDigits() {
        assertThat(List.of(6_310_000.0, 225_400.0, 9_876.0, 123.4, 12.34, 1.234, 0.1234, 0.01234, 0.0))
                .map(Figure::text)
                .containsExactly("6.31M", "225k", "9876", "123", "12.3", "1.23", "0.123", "0.0123", "0");
    }
}
