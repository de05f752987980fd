// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is expected of a server: the outcome of each conversation that does not pass, as its report has it, {@code topic/name
 * differs: ...}, and below some of them a line {@code because: ...} that says why.
 *
 * @param name of the file
 * @param reasons by the ids of conversations, as {@code others}
 */
record ExpectedResults(String name, Map<String, Outcome> others, Map<String, String> reasons) {
    /** What the conversations expect is its behaviour. */
    static final String REFERENCE = "nats-server-2.15.2";

    static final String EMBEDDED = "embedded";

    /** The files, in the order of the table. */
    static final List<String> ALL = List.of(REFERENCE, "nats-server-2.9.10", EMBEDDED);

    private static final Pattern LINE = Pattern.compile("(\\S+) (?:differs: (.*) -- saw (.*)|not run: (.*))");
    private static final String BECAUSE = "because: ";

    /** Those of a server; of one that is not known, those of nats-server 2.15.2. */
    static ExpectedResults of(String server) {
        String name = ALL.contains(server) ? server : REFERENCE;
        Map<String, Outcome> others = new LinkedHashMap<>();
        Map<String, String> reasons = new LinkedHashMap<>();
        List<String> unexplained = new ArrayList<>();
        for (String line : Suite.lines("expected/" + name)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                others.put(
                        matcher.group(1),
                        matcher.group(4) == null
                                ? new Outcome.Differs(matcher.group(2), matcher.group(3))
                                : new Outcome.NotRun(matcher.group(4)));
                unexplained.add(matcher.group(1));
            } else if (line.startsWith(BECAUSE)) {
                unexplained.forEach(id -> reasons.put(id, line.substring(BECAUSE.length())));
                unexplained.clear();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new IllegalArgumentException("expected/" + name + ": not a result: " + line);
            }
        }
        return new ExpectedResults(name, others, reasons);
    }

    Outcome outcome(String id) {
        return others.getOrDefault(id, new Outcome.Passed());
    }
}
