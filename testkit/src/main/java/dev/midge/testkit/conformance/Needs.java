// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a server has to be configured for a conversation.
 *
 * @param settings by the names that the configuration of nats-server has for them; times are in milliseconds
 * @param users in the order of the file; who is not among them may not connect, unless there are none
 * @param config further lines of nats-server's configuration, for what only nats-server has
 */
record Needs(Map<String, String> settings, List<User> users, List<String> config) {
    static final Needs NONE = new Needs(Map.of(), List.of(), List.of());

    private static final Set<String> SETTINGS = Set.of(
            "max_payload",
            "max_control_line",
            "max_connections",
            "max_subscriptions",
            "max_sub_tokens",
            "max_pending",
            "ping_interval",
            "ping_max",
            "auth_timeout",
            "token",
            "no_auth_user",
            "server_name");

    /**
     * Who may connect, and what they may do.
     *
     * @param rules in the order of the file; what no rule speaks of is allowed
     * @param responses how many replies to each request they may send to subjects they may not publish to; 0 for none
     */
    record User(String name, String password, List<Rule> rules, int responses) {}

    /**
     * A list of subjects, or of subject and queue.
     *
     * @param publish whether it is about publishing, else about subscribing
     * @param allow whether it allows, else it denies
     */
    record Rule(boolean publish, boolean allow, List<String> subjects) {}

    boolean isEmpty() {
        return equals(NONE);
    }

    /** The value of a setting as a number. */
    int number(String setting, int otherwise) {
        String value = settings.get(setting);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    /** In one line, as a report shows it. */
    @Override
    public String toString() {
        List<String> text = new ArrayList<>();
        settings.forEach((name, value) -> text.add(name + " " + value));
        users.forEach(user -> text.add("user " + user.name));
        if (!config.isEmpty()) {
            text.add("nats-server's " + String.join("; ", config));
        }
        return String.join(", ", text);
    }

    /** Takes the {@code needs:} lines of a conversation one by one. */
    static final class Reader {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final Map<String, User> users = new LinkedHashMap<>();
        private final List<String> config = new ArrayList<>();

        /**
         * Takes a line such as {@code max_payload 1024}, {@code user joe secret}, {@code joe may publish a.>, b}, {@code joe
         * may not subscribe c}, {@code joe may respond 2} or {@code config jetstream: true}.
         *
         * @throws IllegalArgumentException when it is none of these
         */
        void line(String text) {
            String[] words = text.split(" ", 4);
            if (words[0].equals("config")) {
                config.add(text.substring("config ".length()));
            } else if (words[0].equals("user") && words.length == 3) {
                users.put(words[1], new User(words[1], words[2], List.of(), 0));
            } else if (words.length == 2 && SETTINGS.contains(words[0])) {
                settings.put(words[0], words[1]);
            } else if (words.length == 4 && users.containsKey(words[0]) && words[1].equals("may")) {
                users.computeIfPresent(words[0], (name, user) -> permit(user, words[2], words[3]));
            } else {
                throw new IllegalArgumentException("no such need: " + text);
            }
        }

        private static User permit(User user, String verb, String rest) {
            if (verb.equals("respond")) {
                return new User(user.name, user.password, user.rules, Integer.parseInt(rest));
            }
            boolean allow = !verb.equals("not");
            String[] denied = rest.split(" ", 2);
            String what = allow ? verb : denied[0];
            if (!what.equals("publish") && !what.equals("subscribe")) {
                throw new IllegalArgumentException("may publish, subscribe or respond, not: " + what);
            }
            List<Rule> rules = new ArrayList<>(user.rules);
            rules.add(new Rule(what.equals("publish"), allow, List.of((allow ? rest : denied[1]).split(", *"))));
            return new User(user.name, user.password, List.copyOf(rules), user.responses);
        }

        Needs needs() {
            return new Needs(Map.copyOf(settings), List.copyOf(users.values()), List.copyOf(config));
        }
    }
}
