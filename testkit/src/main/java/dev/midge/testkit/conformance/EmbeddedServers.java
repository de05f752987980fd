// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedServerBuilder;
import dev.midge.testkit.EmbeddedUser;
import dev.midge.testkit.conformance.Needs.Rule;
import dev.midge.testkit.conformance.Needs.User;
import dev.midge.testkit.conformance.Player.NotOffered;
import java.time.Duration;

/** Starts an EmbeddedServer for each conversation, with what the conversation needs. */
final class EmbeddedServers extends ServerUnderTest {
    @Override
    public String name() {
        return "EmbeddedServer";
    }

    @Override
    String expectedResults() {
        return ExpectedResults.EMBEDDED;
    }

    @Override
    Running provide(Conversation conversation) throws NotOffered {
        Needs needs = conversation.needs();
        if (!needs.config().isEmpty()) {
            throw new NotOffered("needs " + needs);
        }
        EmbeddedServerBuilder builder = EmbeddedServer.builder();
        needs.settings().forEach((setting, value) -> set(builder, setting, value));
        needs.users().forEach(user -> builder.user(user(user)));
        return new Embedded(builder.start());
    }

    private static void set(EmbeddedServerBuilder builder, String setting, String value) {
        switch (setting) {
            case "max_payload" -> builder.maxPayload(Integer.parseInt(value));
            case "max_control_line" -> builder.maxControlLine(Integer.parseInt(value));
            case "max_connections" -> builder.maxConnections(Integer.parseInt(value));
            case "max_subscriptions" -> builder.maxSubscriptions(Integer.parseInt(value));
            case "max_sub_tokens" -> builder.maxSubjectTokens(Integer.parseInt(value));
            case "max_pending" -> builder.maxPending(Long.parseLong(value));
            case "ping_interval" -> builder.pingInterval(Duration.ofMillis(Long.parseLong(value)));
            case "ping_max" -> builder.maxPingsOut(Integer.parseInt(value));
            case "auth_timeout" -> builder.authTimeout(Duration.ofMillis(Long.parseLong(value)));
            case "token" -> builder.token(value);
            case "no_auth_user" -> builder.noAuthUser(value);
            case "server_name" -> builder.serverName(value);
            default -> throw new IllegalArgumentException("no such setting: " + setting);
        }
    }

    private static EmbeddedUser user(User user) {
        EmbeddedUser embedded = EmbeddedUser.of(user.name(), user.password());
        for (Rule rule : user.rules()) {
            String[] subjects = rule.subjects().toArray(String[]::new);
            if (rule.publish()) {
                embedded = rule.allow() ? embedded.allowPublish(subjects) : embedded.denyPublish(subjects);
            } else {
                embedded = rule.allow() ? embedded.allowSubscribe(subjects) : embedded.denySubscribe(subjects);
            }
        }
        return user.responses() == 0 ? embedded : embedded.allowResponses(user.responses(), Duration.ofMinutes(1));
    }

    @Override
    public void close() {
        // Each conversation has closed its own.
    }

    private record Embedded(EmbeddedServer server) implements ServerUnderTest.Running {
        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public void lameDuck() {
            server.lameDuck();
        }

        @Override
        public void reload(Needs needs) throws NotOffered {
            throw new NotOffered("needs a server that can be given another configuration");
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
