// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

/** How a conversation went. */
public sealed interface Outcome {
    /** As nats-server 2.15.2 does; or, of a client, as a client should. */
    record Passed() implements Outcome {
        @Override
        public String toString() {
            return "passed";
        }
    }

    /**
     * Otherwise.
     *
     * @param step the line of the conversation that came out otherwise
     * @param seen what was seen instead, with escapes
     */
    record Differs(String step, String seen) implements Outcome {
        @Override
        public String toString() {
            return "differs: " + step + " -- saw " + seen;
        }
    }

    /**
     * Not tried.
     *
     * @param reason what is missing, as in {@code needs max_payload 1024}
     */
    record NotRun(String reason) implements Outcome {
        @Override
        public String toString() {
            return "not run: " + reason;
        }
    }
}
