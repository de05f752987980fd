// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedServerBuilder;
import dev.midge.testkit.EmbeddedTls;
import dev.midge.testkit.EmbeddedUser;
import dev.midge.testkit.conformance.Needs.Rule;
import dev.midge.testkit.conformance.Needs.User;
import dev.midge.testkit.conformance.Player.NotOffered;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Starts an EmbeddedServer for each conversation, with what the conversation needs. */
final class EmbeddedServers extends ServerUnderTest {
    private final TemporaryCertificate certificate = new TemporaryCertificate();

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
        if (!needs.config().isEmpty()
                || !needs.nkeys().isEmpty()
                || !needs.accounts().isEmpty()
                || needs.settings().containsKey(Needs.TLS_RATE)) {
            throw new NotOffered("needs " + needs);
        }
        EmbeddedServerBuilder builder = EmbeddedServer.builder();
        needs.settings().forEach((setting, value) -> set(builder, setting, value));
        if (!needs.tls().isEmpty()) {
            builder.tls(tls(needs));
        }
        builder.authTimeout(Duration.ofMillis(needs.timeout("auth_timeout")));
        needs.users().forEach(user -> builder.user(user(user)));
        return new Embedded(builder.start(), certificate);
    }

    private EmbeddedTls tls(Needs needs) {
        Path pem = certificate.get().certificates();
        Path key = certificate.get().key();
        EmbeddedTls tls =
                needs.tls().equals("verify") ? EmbeddedTls.verifying(pem, key, pem) : EmbeddedTls.of(pem, key);
        tls = tls.timeout(Duration.ofMillis(needs.timeout("tls_timeout")));
        return switch (needs.tls()) {
            case "optional" -> tls.optional();
            case "first" -> tls.handshakeFirst();
            default -> tls;
        };
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
            case "token" -> builder.token(value);
            case "no_auth_user" -> builder.noAuthUser(value);
            case "server_name" -> builder.serverName(value);
            case "auth_timeout", Needs.TLS, "tls_timeout" -> {
                // Also when they are not needed.
            }
            case Needs.CLUSTER -> {
                // Takes any at any time.
            }
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
        certificate.close();
    }

    private record Embedded(EmbeddedServer server, TemporaryCertificate certificate)
            implements ServerUnderTest.Running {
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
        public void announce(String other) {
            server.connectUrls(List.of("127.0.0.1:" + server.port(), other));
        }

        @Override
        public void forget(String other) {
            server.connectUrls(List.of("127.0.0.1:" + server.port()));
        }

        @Override
        public SSLContext trusting() {
            return certificate.trusting();
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
