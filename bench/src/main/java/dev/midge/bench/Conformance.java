// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.testkit.conformance.ClientConformance;
import dev.midge.testkit.conformance.ConformanceTable;
import dev.midge.testkit.conformance.Report;
import dev.midge.testkit.conformance.ServerConformance;
import dev.midge.testkit.conformance.ServerUnderTest;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/**
 * Holds the protocol conversations of docs/conformance.md with a server or a client: {@code bench/midge conformance}. Exits with
 * 0 when all went as expected, with 1 when some did not, with 2 when there was nothing to test.
 */
public final class Conformance {
    private static final String USAGE = """
            usage: bench/midge conformance [--url URL | --server NAME | --client COMMAND | --table]
                                               [--topic TOPIC]... [--format text|json]

              --url URL         a server that is running, nats://[user:password@]host[:port]
              --server NAME     a server of its own: %s
              --client COMMAND  a client: a program that is given the URL of a server, and commands; see docs/conformance.md
              --table           the servers of its own, as the tables of docs/conformance.md
              --topic TOPIC     only this one, and others that are given likewise
              --format FORMAT   text (the default) or json""";

    private static final String EMBEDDED = "embedded";

    private Conformance() {}

    /** The entry point. */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        try {
            ConformanceArguments arguments = ConformanceArguments.parse(args);
            if (arguments.table()) {
                out.print(table());
                return 0;
            }
            Report report = report(arguments);
            out.print(arguments.json() ? ConformanceOutput.json(report) : ConformanceOutput.text(report));
            return report.unexpected().isEmpty() ? 0 : 1;
        } catch (ConformanceArguments.UsageException e) {
            err.println(e.getMessage());
            err.println(USAGE.formatted(String.join(", ", servers())));
            return 2;
        } catch (RuntimeException | AssertionError e) {
            // No server, no binary, no answer: the text says which.
            err.println("bench/midge conformance: " + e.getMessage());
            return 2;
        }
    }

    private static Report report(ConformanceArguments arguments) {
        String[] topics = arguments.topics().toArray(String[]::new);
        if (!arguments.client().isEmpty()) {
            return ClientConformance.run(arguments.client(), topics);
        }
        try (ServerUnderTest server = server(arguments)) {
            return ServerConformance.run(server, topics);
        }
    }

    private static ServerUnderTest server(ConformanceArguments arguments) {
        if (!arguments.url().isEmpty()) {
            try {
                return ServerUnderTest.at(URI.create(arguments.url()));
            } catch (IllegalArgumentException e) {
                throw new ConformanceArguments.UsageException(String.valueOf(e.getMessage()));
            }
        }
        return own(arguments.server());
    }

    private static ServerUnderTest own(String name) {
        if (name.equals(EMBEDDED)) {
            return ServerUnderTest.embedded();
        }
        for (NatsServerVersion version : NatsServerVersion.values()) {
            if (version.number().equals(name)) {
                return ServerUnderTest.natsServer(version);
            }
        }
        throw new ConformanceArguments.UsageException(
                "--server is " + name + ", but has to be one of " + String.join(", ", servers()));
    }

    private static List<String> servers() {
        List<String> names = new ArrayList<>();
        for (NatsServerVersion version : NatsServerVersion.values()) {
            names.add(0, version.number());
        }
        names.add(EMBEDDED);
        return names;
    }

    private static String table() {
        List<Report> reports = new ArrayList<>();
        for (String name : servers()) {
            try (ServerUnderTest server = own(name)) {
                reports.add(ServerConformance.run(server));
            } catch (TestAbortedException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
        return ConformanceTable.of(reports);
    }
}
