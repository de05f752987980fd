// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Midge beside other clients: {@code bench/midge compare}. Every contender is a process of its own; those of a cell are all
 * there at the same time, and it is the turn of one of them at a time.
 */
public final class Compare {
    private final CompareArguments arguments;
    private final PrintStream out;
    private final @Nullable ExpectedRatios expected;
    private final Contenders contenders;
    private final List<Result> results = new ArrayList<>();

    private Compare(CompareArguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
        expected = arguments.check() ? ExpectedRatios.read(arguments.expectedRatios()) : null;
        contenders = new Contenders(arguments);
    }

    /** The entry point; ends the JVM. */
    public static void main(String[] args) throws Exception {
        System.exit(run(args, System.out, System.err));
    }

    /** Answers the exit code: 2 for a command line that makes no sense, 1 where a check fails or there is nothing to tell. */
    static int run(String[] args, PrintStream out, PrintStream err) throws IOException, InterruptedException {
        try {
            return new Compare(CompareArguments.parse(args), out).run();
        } catch (UsageException e) {
            err.println("bench/midge compare: " + e.getMessage());
            return 2;
        }
    }

    private int run() throws IOException, InterruptedException {
        try (Servers servers = new Servers(arguments)) {
            out.print(TextReport.heading(facts(servers)));
            contenders.leftOut().forEach(out::println);
            for (Cell cell : cells()) {
                out.println();
                Optional<String> missing = arguments.sink() ? Optional.empty() : servers.missing(cell.workload());
                if (missing.isPresent()) {
                    out.println(cell + " is left out: " + missing.get());
                    continue;
                }
                Result result = run(cell, servers);
                if (result.rows().isEmpty()) {
                    out.println(cell + " is left out: no contender takes part");
                    continue;
                }
                results.add(result);
                out.print(TextReport.of(result));
            }
            write(new Report(facts(servers), contenders.leftOut(), results));
        }
        out.println();
        out.print(TextReport.clients(results));
        boolean well = expected == null || check(expected);
        return well && !results.isEmpty() ? 0 : 1;
    }

    private void write(Report report) throws IOException {
        if (arguments.json() != null) {
            Files.writeString(arguments.json(), JsonReport.of(report));
        }
        if (arguments.svg() != null) {
            Files.writeString(arguments.svg(), SvgChart.of(report));
        }
    }

    private boolean check(ExpectedRatios ratios) {
        ExpectedRatios.Verdict verdict = ratios.check(results);
        out.println();
        verdict.lines().forEach(out::println);
        return verdict.well();
    }

    private Result run(Cell cell, Servers servers) throws IOException, InterruptedException {
        JvmCommand jvm = new JvmCommand(null);
        try (Surroundings surroundings = new Surroundings(cell, servers, jvm, arguments.sink());
                CellRun run = new CellRun(cell, arguments, surroundings)) {
            return run.run(contenders.all());
        }
    }

    private List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (Workload workload : arguments.workloads()) {
            if (!arguments.sink() || workload.worksWithSink()) {
                for (int size : workload.hasMessages() ? arguments.sizes() : List.of(0)) {
                    for (int headers : workload.hasMessages() ? arguments.headers() : List.of(0)) {
                        for (String storage : workload.isJetStream() ? arguments.storages() : List.of("")) {
                            cells.add(new Cell(workload, size, headers, storage));
                        }
                    }
                }
            }
        }
        return cells;
    }

    private Map<String, String> facts(Servers servers) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("server", arguments.sink() ? "a sink in its place" : servers.description());
        facts.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                        + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        facts.put(
                "runs",
                arguments.rounds() + " rounds of " + arguments.seconds() + " s behind a warm-up of "
                        + arguments.warmUp() + " s");
        return facts;
    }
}
