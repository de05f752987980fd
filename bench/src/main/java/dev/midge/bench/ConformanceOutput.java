// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.testkit.conformance.Outcome;
import dev.midge.testkit.conformance.Report;
import dev.midge.testkit.conformance.Result;
import io.avaje.json.JsonWriter;
import io.avaje.json.stream.BufferedJsonWriter;
import io.avaje.json.stream.JsonStream;

/** A report as text for people and as JSON for programs. */
final class ConformanceOutput {
    private ConformanceOutput() {}

    /** What did not pass, and the counts. Lines of what is expected begin with two spaces, those of what is not with {@code !}. */
    static String text(Report report) {
        StringBuilder text = new StringBuilder(report.subject())
                .append(", compared with what is expected of ")
                .append(report.expectation())
                .append('\n');
        for (Result result : report.results()) {
            if (!(result.outcome() instanceof Outcome.Passed) || !result.asExpected()) {
                text.append(result.asExpected() ? "  " : "! ")
                        .append(result.id())
                        .append(' ')
                        .append(result.outcome())
                        .append('\n');
            }
        }
        text.append(String.format(
                "%d conversations: %d passed, %d differ, %d not run; %d not as expected%n",
                report.results().size(),
                report.passed(),
                report.differing(),
                report.notRun(),
                report.unexpected().size()));
        return text.toString();
    }

    /** All of it, in one object on one line. */
    static String json(Report report) {
        try (BufferedJsonWriter json =
                JsonStream.builder().serializeEmpty(true).build().bufferedWriter()) {
            json.beginObject();
            text(json, "subject", report.subject());
            text(json, "expectation", report.expectation());
            number(json, "conversations", report.results().size());
            number(json, "passed", report.passed());
            number(json, "differing", report.differing());
            number(json, "not_run", report.notRun());
            number(json, "unexpected", report.unexpected().size());
            json.name("results");
            json.beginArray();
            report.results().forEach(result -> write(json, result));
            json.endArray();
            json.endObject();
            return json.result() + "\n";
        }
    }

    private static void write(JsonWriter json, Result result) {
        json.beginObject();
        text(json, "topic", result.topic());
        text(json, "id", result.id());
        text(json, "description", result.description());
        if (result.outcome() instanceof Outcome.Differs differs) {
            text(json, "outcome", "differs");
            text(json, "step", differs.step());
            text(json, "seen", differs.seen());
        } else if (result.outcome() instanceof Outcome.NotRun notRun) {
            text(json, "outcome", "not run");
            text(json, "reason", notRun.reason());
        } else {
            text(json, "outcome", "passed");
        }
        json.name("as_expected");
        json.value(result.asExpected());
        json.endObject();
    }

    private static void text(JsonWriter json, String name, String value) {
        json.name(name);
        json.value(value);
    }

    private static void number(JsonWriter json, String name, long value) {
        json.name(name);
        json.value(value);
    }
}
