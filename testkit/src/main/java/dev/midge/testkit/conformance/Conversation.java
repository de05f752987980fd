// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.List;

/**
 * One protocol conversation of the suite: what is sent, and what has to be the answer.
 *
 * @param topic what it is about, as in {@code queue-groups}; the name of its file
 * @param name unique within the topic
 * @param description what it shows, in a sentence
 * @param sources where that is said: files and functions of nats-server, ADRs, pages of the documentation
 */
record Conversation(
        String topic, String name, String description, List<String> sources, Needs needs, List<Step> steps) {
    /** Its topic and its name, as in {@code queue-groups/one-member-gets-it}. */
    String id() {
        return topic + "/" + name;
    }

    /** Whether any of its frames comes when time has passed, rather than in answer to another. */
    boolean byTheClock() {
        return steps.stream().anyMatch(step -> step.action() instanceof Step.TellServer)
                || needs.settings().containsKey("ping_interval")
                || needs.settings().containsKey("auth_timeout")
                || needs.settings().containsKey("tls_timeout")
                || steps.stream().anyMatch(step -> step.text().contains(" expires "));
    }
}
