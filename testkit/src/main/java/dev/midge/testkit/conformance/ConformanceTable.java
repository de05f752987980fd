// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The tables of docs/conformance.md, in Markdown. */
public final class ConformanceTable {
    private ConformanceTable() {}

    /**
     * What each topic has come to on each of the servers, and then each conversation that did not pass on one of them.
     *
     * @param reports of the same suite
     */
    public static String of(List<Report> reports) {
        StringBuilder text = new StringBuilder();
        row(
                text,
                "topic",
                "conversations",
                reports.stream().map(Report::subject).toList());
        text.append("|---|---:|").append("---|".repeat(reports.size())).append('\n');
        Map<String, List<Result>> topics = reports.get(0).results().stream()
                .collect(Collectors.groupingBy(Result::topic, LinkedHashMap::new, Collectors.toList()));
        topics.forEach((topic, results) -> row(
                text,
                topic,
                String.valueOf(results.size()),
                counts(reports, one -> one.topic().equals(topic))));
        row(text, "all", String.valueOf(reports.get(0).results().size()), counts(reports, one -> true));
        for (Report report : reports) {
            if (report.passed() < report.results().size()) {
                text.append("\n### ").append(report.subject()).append("\n\n");
                others(text, report);
            }
        }
        return text.toString();
    }

    /** The same from the files of expected results, without running anything. */
    public static String ofExpectedResults() {
        List<Report> reports = new ArrayList<>();
        for (String name : ExpectedResults.ALL) {
            ExpectedResults expected = ExpectedResults.of(name);
            String subject =
                    name.equals(ExpectedResults.EMBEDDED) ? "EmbeddedServer" : name.replace("server-", "server ");
            reports.add(new Report(
                    subject,
                    name,
                    Suite.server().stream()
                            .map(one -> Result.of(one, expected.outcome(one.id()), expected))
                            .toList()));
        }
        return of(reports);
    }

    private static List<String> counts(List<Report> reports, Predicate<Result> which) {
        return reports.stream()
                .map(report -> new Report(
                        "", "", report.results().stream().filter(which).toList()))
                .map(part -> {
                    List<String> counts = new ArrayList<>();
                    add(counts, part.passed(), "passed");
                    add(counts, part.differing(), part.differing() == 1 ? "differs" : "differ");
                    add(counts, part.notRun(), "not run");
                    return String.join(", ", counts);
                })
                .toList();
    }

    private static void add(List<String> counts, long count, String what) {
        if (count > 0) {
            counts.add(count + " " + what);
        }
    }

    private static void row(StringBuilder text, String first, String second, List<String> others) {
        text.append("| ").append(first).append(" | ").append(second).append(" | ");
        text.append(String.join(" | ", others)).append(" |\n");
    }

    private static void others(StringBuilder text, Report report) {
        text.append("| conversation | what it shows of ").append(reference()).append(" | here |\n|---|---|---|\n");
        for (Result result : report.results()) {
            if (!(result.outcome() instanceof Outcome.Passed)) {
                text.append("| ")
                        .append(result.id())
                        .append(" | ")
                        .append(result.description())
                        .append(" | ");
                text.append(here(result)).append(" |\n");
            }
        }
    }

    private static String reference() {
        return ExpectedResults.REFERENCE.replace("server-", "server ");
    }

    private static String here(Result result) {
        String outcome = result.outcome() instanceof Outcome.Differs differs
                ? "saw `" + differs.seen().replace("|", "\\|").replace("`", "'") + "`"
                : String.valueOf(result.outcome());
        return result.reason().isEmpty() ? outcome : outcome + ": " + result.reason();
    }
}
