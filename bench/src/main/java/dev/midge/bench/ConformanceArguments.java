// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the command line of {@link Conformance} asks for.
 *
 * @param url of a running server, or empty
 * @param server the name of one that is to be started
 * @param client the command of a client under test, or empty
 * @param topics that are run; all of them when empty
 * @param json whether the report is to be JSON
 * @param table whether the tables of the documentation are wanted instead
 */
record ConformanceArguments(
        String url, String server, String client, List<String> topics, boolean json, boolean table) {
    private static final String DEFAULT_SERVER = "embedded";

    /** A command line that makes no sense; the text says why. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /**
     * Reads them.
     *
     * @throws UsageException when they are not understood
     */
    static ConformanceArguments parse(String[] args) {
        String url = "";
        String server = "";
        String client = "";
        String format = "text";
        List<String> topics = new ArrayList<>();
        boolean table = false;
        Iterator<String> left = List.of(args).iterator();
        while (left.hasNext()) {
            String flag = left.next();
            switch (flag) {
                case "--table" -> table = true;
                case "--url" -> url = value(flag, left);
                case "--server" -> server = value(flag, left);
                case "--client" -> client = value(flag, left);
                case "--topic" -> topics.add(value(flag, left));
                case "--format" -> format = value(flag, left);
                default -> throw new UsageException("unknown argument: " + flag);
            }
        }
        if (!format.equals("text") && !format.equals("json")) {
            throw new UsageException("--format is " + format + ", but has to be text or json");
        }
        if (Stream.of(url, server, client, table ? "--table" : "")
                        .filter(wish -> !wish.isEmpty())
                        .count()
                > 1) {
            throw new UsageException("--url, --server, --client and --table exclude each other");
        }
        return new ConformanceArguments(
                url,
                server.isEmpty() ? DEFAULT_SERVER : server,
                client,
                List.copyOf(topics),
                format.equals("json"),
                table);
    }

    private static String value(String flag, Iterator<String> left) {
        if (!left.hasNext()) {
            throw new UsageException(flag + " needs a value");
        }
        return left.next();
    }
}
