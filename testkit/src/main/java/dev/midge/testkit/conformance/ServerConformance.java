// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.conformance.Player.NotOffered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the conversations with a server. */
public final class ServerConformance {
    /** How long an expectation waits; a server on the same machine answers in microseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Outcome NOT_REACHED = new Outcome.NotRun("the run ended before");

    private ServerConformance() {}

    /**
     * Runs all of them, in the calling thread, one after the other; some seconds, and twenty more for each answer that never
     * comes.
     *
     * @param topics that are run; all of them when there are none
     * @throws IllegalArgumentException when there is no such topic
     * @throws java.io.UncheckedIOException when the server cannot be reached
     */
    public static Report run(ServerUnderTest server, String... topics) {
        ExpectedResults expected = ExpectedResults.of(server.expectedResults());
        Map<Needs, List<Conversation>> groups = new LinkedHashMap<>();
        List<Conversation> all = Suite.server(topics);
        for (Conversation conversation : all) {
            groups.computeIfAbsent(conversation.needs(), needs -> new ArrayList<>())
                    .add(conversation);
        }
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        groups.values().forEach(group -> group.forEach(one -> outcomes.put(one.id(), outcome(server, one))));
        List<Result> results = all.stream()
                .map(one -> Result.of(one, outcomes.getOrDefault(one.id(), NOT_REACHED), expected))
                .toList();
        return new Report(server.name(), expected.name(), results);
    }

    private static Outcome outcome(ServerUnderTest server, Conversation conversation) {
        try (ServerUnderTest.Running running = server.provide(conversation);
                Player player = new Player(new ServerStage(running), PATIENCE)) {
            return player.play(conversation);
        } catch (NotOffered e) {
            return new Outcome.NotRun(e.reason());
        }
    }
}
