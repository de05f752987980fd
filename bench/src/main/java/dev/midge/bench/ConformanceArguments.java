// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import java.util.Iterator;
import java.util.List;

/**
 * What the command line of {@link Conformance} asks for.
 *
 * @param url of a running server, or empty
 * @param server the name of one that is to be started
 * @param json whether the report is to be JSON
 * @param table whether the tables of the documentation are wanted instead
 */
record ConformanceArguments(String url, String server, boolean json, boolean table) {
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
        String format = "text";
        boolean table = false;
        Iterator<String> left = List.of(args).iterator();
        while (left.hasNext()) {
            String flag = left.next();
            switch (flag) {
                case "--table" -> table = true;
                case "--url" -> url = value(flag, left);
                case "--server" -> server = value(flag, left);
                case "--format" -> format = value(flag, left);
                default -> throw new UsageException("unknown argument: " + flag);
            }
        }
        if (!format.equals("text") && !format.equals("json")) {
            throw new UsageException("--format is " + format + ", but has to be text or json");
        }
        if ((url.isEmpty() ? 0 : 1) + (server.isEmpty() ? 0 : 1) + (table ? 1 : 0) > 1) {
            throw new UsageException("--url, --server and --table exclude each other");
        }
        return new ConformanceArguments(url, server.isEmpty() ? DEFAULT_SERVER : server, format.equals("json"), table);
    }

    private static String value(String flag, Iterator<String> left) {
        if (!left.hasNext()) {
            throw new UsageException(flag + " needs a value");
        }
        return left.next();
    }
}
