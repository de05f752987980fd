// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.conformance.Needs.Rule;
import dev.midge.testkit.conformance.Needs.User;
import dev.midge.testkit.server.SelfSignedCertificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The configuration file of nats-server for what a conversation needs. */
final class NatsServerConfig {
    private NatsServerConfig() {}

    /**
     * The text.
     *
     * @param certificate the server's own, also for clients to show; null without TLS
     */
    static String of(Needs needs, @Nullable SelfSignedCertificate certificate) {
        StringBuilder text = new StringBuilder();
        List<String> authorization = new ArrayList<>();
        needs.settings().forEach((name, value) -> {
            switch (name) {
                case "ping_interval" ->
                    text.append("ping_interval: \"").append(value).append("ms\"\n");
                case "auth_timeout", Needs.TLS, "tls_timeout", Needs.TLS_RATE -> {
                    // Below, also when they are not needed.
                }
                case Needs.CLUSTER -> text.append(cluster(""));
                case "token" -> authorization.add("token: \"" + value + "\"");
                default -> text.append(name).append(": ").append(value).append('\n');
            }
        });
        List<String> users = new ArrayList<>();
        needs.users().forEach(user -> users.add(user(user)));
        needs.nkeys().forEach(name -> users.add("{nkey: \"" + Nkey.user(name).publicKey() + "\"}"));
        if (!users.isEmpty()) {
            authorization.add("users: [" + String.join(", ", users) + "]");
        }
        authorization.add("timeout: " + needs.timeout("auth_timeout") / 1000.0);
        text.append("authorization {\n")
                .append(String.join("\n", authorization))
                .append("\n}\n");
        if (!needs.accounts().isEmpty()) {
            text.append("operator: ").append(Jwts.operator()).append("\nresolver: MEMORY\nresolver_preload {\n");
            needs.accounts()
                    .forEach(account -> text.append(Nkey.account(account.name()).publicKey())
                            .append(": ")
                            .append(Jwts.account(account))
                            .append('\n'));
            text.append("}\n");
        }
        if (certificate != null) {
            tls(text, needs, certificate);
        }
        needs.config().forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static void tls(StringBuilder text, Needs needs, SelfSignedCertificate certificate) {
        text.append("tls {\ncert_file: \"").append(certificate.certificates());
        text.append("\"\nkey_file: \"").append(certificate.key()).append("\"\n");
        text.append("timeout: ").append(needs.timeout("tls_timeout") / 1000.0).append('\n');
        String rate = needs.settings().get(Needs.TLS_RATE);
        if (rate != null) {
            text.append("connection_rate_limit: ").append(rate).append('\n');
        }
        if (needs.tls().equals("verify")) {
            text.append("verify: true\nca_file: \"")
                    .append(certificate.certificates())
                    .append("\"\n");
        }
        if (needs.tls().equals("first")) {
            text.append("handshake_first: true\n");
        }
        text.append("}\n");
        if (needs.tls().equals("optional")) {
            text.append("allow_non_tls: true\n");
        }
    }

    /**
     * Of a server that joins another one.
     *
     * @param route where the other one listens for servers
     * @param advertised host and port that clients are told
     */
    static String member(String route, String advertised) {
        return cluster(", routes: [\"" + route + "\"]") + "client_advertise: \"" + advertised + "\"\n";
    }

    private static String cluster(String more) {
        return "cluster {name: \"conf\", listen: \"127.0.0.1:-1\"" + more + "}\n";
    }

    private static String user(User user) {
        String text = "{user: \"" + user.name() + "\", password: \"" + user.password() + "\"";
        if (user.rules().isEmpty() && user.responses() == 0) {
            return text + "}";
        }
        text += ", permissions: {" + rules(user, true) + rules(user, false);
        if (user.responses() > 0) {
            text += "allow_responses: {max: " + user.responses() + ", expires: \"1m\"}, ";
        }
        return text + "}}";
    }

    private static String rules(User user, boolean publish) {
        String lists = user.rules().stream()
                .filter(rule -> rule.publish() == publish)
                .map(NatsServerConfig::list)
                .collect(Collectors.joining(", "));
        return lists.isEmpty() ? "" : (publish ? "publish" : "subscribe") + ": {" + lists + "}, ";
    }

    private static String list(Rule rule) {
        return (rule.allow() ? "allow: [" : "deny: [")
                + rule.subjects().stream().map(subject -> '"' + subject + '"').collect(Collectors.joining(", "))
                + "]";
    }
}
