// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Holds the conversations with a client, as its server. All that is expected is that they pass. */
public final class ClientConformance {
    /** A client that is a program has to start first. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ExpectedResults ALL_PASS = new ExpectedResults("clients", Map.of(), Map.of());

    private ClientConformance() {}

    /**
     * Runs all of them, in the calling thread, one after the other.
     *
     * @param name for the report
     * @param client makes a new client for each conversation
     */
    public static Report run(String name, Supplier<ClientUnderTest> client) {
        return run(name, Suite.client(), url -> new JavaClientSession(client.get(), url));
    }

    /**
     * Runs all of them with a program, which is started for each.
     *
     * @param command for the shell, which gets the URL as its last argument
     * @param topics that are run; all of them when there are none
     * @throws IllegalArgumentException when there is no such topic
     */
    public static Report run(String command, String... topics) {
        return run(command, Suite.client(topics), url -> new ProcessClientSession(command, url));
    }

    private static Report run(String name, List<Conversation> suite, Function<String, ClientSession> start) {
        List<Result> results = suite.stream()
                .map(one -> Result.of(one, outcome(one, PATIENCE, Player.SOON, start), ALL_PASS))
                .toList();
        return new Report(name, ALL_PASS.name(), results);
    }

    static Outcome outcome(
            Conversation conversation, Duration patience, Duration soon, Function<String, ClientSession> start) {
        // The player is closed first: that ends what the client may still wait for.
        try (ClientStage stage = new ClientStage(start);
                Player player = new Player(stage, patience, soon)) {
            return player.play(conversation);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
