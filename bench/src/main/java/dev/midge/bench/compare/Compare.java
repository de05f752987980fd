// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Midge beside other clients: {@code bench/midge compare}. Every contender is a process of its own; those of a cell are all
 * there at the same time, and it is the turn of one of them at a time.
 */
public final class Compare {
    private final CompareArguments arguments;
    private final Contenders contenders;
    private final List<Result> results = new ArrayList<>();

    private Compare(CompareArguments arguments) {
        this.arguments = arguments;
        contenders = new Contenders(arguments);
    }

    /** The entry point; ends the JVM. */
    public static void main(String[] args) throws Exception {
        int status;
        try {
            status = new Compare(CompareArguments.parse(args)).run();
        } catch (UsageException e) {
            System.err.println("bench/midge compare: " + e.getMessage());
            status = 2;
        }
        System.exit(status);
    }

    private int run() throws Exception {
        try (Servers servers = new Servers(arguments)) {
            System.out.print(TextReport.heading(facts(servers)));
            contenders.leftOut().forEach(System.out::println);
            for (Cell cell : cells()) {
                System.out.println();
                Result result = run(cell, servers);
                results.add(result);
                System.out.print(TextReport.of(result));
            }
        }
        return 0;
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
