// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The conversations, from the resources beside this class. */
final class Suite {
    /** In the order of the report. */
    static final List<String> SERVER_TOPICS = List.of(
            "info",
            "connect",
            "verbose",
            "verbs",
            "publish",
            "subscribe",
            "unsubscribe",
            "queue-groups",
            "wildcards",
            "echo",
            "headers",
            "no-responders",
            "max-payload",
            "max-control-line",
            "pedantic",
            "pings",
            "auth",
            "nkeys",
            "tls",
            "permissions",
            "limits");

    /** Likewise. */
    static final List<String> CLIENT_TOPICS = List.of(
            "handshake",
            "connect-fields",
            "subscriptions",
            "delivery",
            "publishing",
            "limits",
            "pings",
            "server-errors",
            "nonsense");

    private Suite() {}

    /** Those that are held with a server. */
    static List<Conversation> server(String... topics) {
        return read("server", SERVER_TOPICS, List.of(topics));
    }

    /** Those that are held with a client. */
    static List<Conversation> client(String... topics) {
        return read("client", CLIENT_TOPICS, List.of(topics));
    }

    private static List<Conversation> read(String half, List<String> known, List<String> wanted) {
        for (String topic : wanted) {
            if (!known.contains(topic)) {
                throw new IllegalArgumentException(
                        "topic is " + topic + ", but has to be one of " + String.join(", ", known));
            }
        }
        List<Conversation> all = new ArrayList<>();
        for (String topic : known) {
            if (wanted.isEmpty() || wanted.contains(topic)) {
                all.addAll(ConversationReader.read(topic, lines(half + "/" + topic)));
            }
        }
        return List.copyOf(all);
    }

    /** The lines of one of the text files. */
    static List<String> lines(String name) {
        try (InputStream in = Suite.class.getResourceAsStream(name + ".txt")) {
            if (in == null) {
                throw new IllegalArgumentException("there is no file " + name + ".txt");
            }
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
