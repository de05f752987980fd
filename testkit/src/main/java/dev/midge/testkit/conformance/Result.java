// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

/**
 * How one conversation went, and how it should have gone.
 *
 * @param id topic and name, as in {@code queue-groups/one-member}
 * @param description what the conversation shows
 * @param expected what the file of expected results says of it
 * @param reason why that is expected, where it is not to pass; may be empty
 */
public record Result(String id, String description, Outcome outcome, Outcome expected, String reason) {
    static Result of(Conversation conversation, Outcome outcome, ExpectedResults expected) {
        String id = conversation.id();
        return new Result(
                id,
                conversation.description(),
                outcome,
                expected.outcome(id),
                expected.reasons().getOrDefault(id, ""));
    }

    /** Whether it went as expected. What was not run is as expected always. */
    public boolean asExpected() {
        return outcome instanceof Outcome.NotRun || outcome.equals(expected);
    }

    /** What it is about, as in {@code queue-groups}. */
    public String topic() {
        return id.substring(0, id.indexOf('/'));
    }
}
