// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.List;

/**
 * What came of a run.
 *
 * @param subject what was tested, as in {@code nats-server 2.9.10}
 * @param expectation the name of the file of expected results it was compared with
 * @param results in the order of the suite
 */
public record Report(String subject, String expectation, List<Result> results) {
    /** How many passed. */
    public long passed() {
        return results.stream()
                .filter(result -> result.outcome() instanceof Outcome.Passed)
                .count();
    }

    /** How many came out otherwise than nats-server 2.15.2 would have it. */
    public long differing() {
        return results.stream()
                .filter(result -> result.outcome() instanceof Outcome.Differs)
                .count();
    }

    /** How many were not run. */
    public long notRun() {
        return results.size() - passed() - differing();
    }

    /** Those that did not go as expected. */
    public List<Result> unexpected() {
        return results.stream().filter(result -> !result.asExpected()).toList();
    }
}
