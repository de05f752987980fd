// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.conformance.Needs.Rule;
import dev.midge.testkit.conformance.Needs.User;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration file of nats-server for what a conversation needs. */
final class NatsServerConfig {
    private NatsServerConfig() {}

    static String of(Needs needs) {
        StringBuilder text = new StringBuilder();
        List<String> authorization = new ArrayList<>();
        needs.settings().forEach((name, value) -> {
            switch (name) {
                case "ping_interval" ->
                    text.append("ping_interval: \"").append(value).append("ms\"\n");
                case "auth_timeout" -> authorization.add("timeout: " + Integer.parseInt(value) / 1000.0);
                case "token" -> authorization.add("token: \"" + value + "\"");
                default -> text.append(name).append(": ").append(value).append('\n');
            }
        });
        if (!needs.users().isEmpty()) {
            authorization.add("users: ["
                    + needs.users().stream().map(NatsServerConfig::user).collect(Collectors.joining(", ")) + "]");
        }
        if (!authorization.isEmpty()) {
            text.append("authorization {\n")
                    .append(String.join("\n", authorization))
                    .append("\n}\n");
        }
        needs.config().forEach(line -> text.append(line).append('\n'));
        return text.toString();
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
