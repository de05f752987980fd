// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a server has to be configured for a conversation.
 *
 * @param settings by the names that the configuration of nats-server has for them; times are in milliseconds
 * @param users in the order of the file; who is not among them may not connect, unless there are none
 * @param nkeys names of users who sign the nonce
 * @param accounts by JWTs that an operator has signed; users have JWTs of their account then
 * @param config further lines of nats-server's configuration, for what only nats-server has
 */
record Needs(
        Map<String, String> settings,
        List<User> users,
        List<String> nkeys,
        List<Account> accounts,
        List<String> config) {
    static final Needs NONE = new Needs(Map.of(), List.of(), List.of(), List.of(), List.of());

    private static final int AMPLE = 10_000;

    /** As a setting: {@code required}, {@code optional}, {@code first}, which is before INFO, or {@code verify}. */
    static final String TLS = "tls";

    /** As a setting: that so many TLS handshakes may be begun in a second. */
    static final String TLS_RATE = "tls_rate";

    /** As a setting: that other servers may join. */
    static final String CLUSTER = "cluster";

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
            "server_name",
            TLS,
            "tls_timeout",
            TLS_RATE,
            CLUSTER);

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

    /**
     * Whose users have JWTs.
     *
     * @param expires so many seconds after the configuration is written; 0 for never
     * @param connections how many there may be at a time; -1 for any number
     * @param revoked names of users whose JWTs do not count any more
     */
    record Account(String name, int expires, int connections, List<String> revoked) {}

    boolean isEmpty() {
        return equals(NONE);
    }

    /** In milliseconds, how long a client may take for a handshake: a slow machine is not what is tested. */
    int timeout(String setting) {
        return number(setting, AMPLE);
    }

    /** The value of a setting as a number. */
    int number(String setting, int otherwise) {
        String value = settings.get(setting);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    /** How connections are encrypted, empty when they are not. */
    String tls() {
        return settings.getOrDefault(TLS, "");
    }

    /** In one line, as a report shows it. */
    @Override
    public String toString() {
        List<String> text = new ArrayList<>();
        settings.forEach((name, value) -> text.add(name + " " + value));
        users.forEach(user -> text.add("user " + user.name));
        nkeys.forEach(name -> text.add("nkey " + name));
        accounts.forEach(account -> text.add("account " + account.name + " by JWT"));
        if (!config.isEmpty()) {
            text.add("nats-server's " + String.join("; ", config));
        }
        return String.join(", ", text);
    }

    /** Takes the {@code needs:} lines of a conversation one by one. */
    static final class Reader {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final Map<String, User> users = new LinkedHashMap<>();
        private final List<String> nkeys = new ArrayList<>();
        private final Map<String, Account> accounts = new LinkedHashMap<>();
        private final List<String> config = new ArrayList<>();

        /**
         * Takes a line such as {@code max_payload 1024}, {@code user joe secret}, {@code joe may publish a.>, b}, {@code joe
         * may not subscribe c}, {@code joe may respond 2}, {@code nkey joe}, {@code account A}, {@code A expires 3}, {@code A
         * connections 1}, {@code A revokes joe} or {@code config jetstream: true}.
         *
         * @throws IllegalArgumentException when it is none of these
         */
        void line(String text) {
            String[] words = text.split(" ", 4);
            if (words[0].equals("config")) {
                config.add(text.substring("config ".length()));
            } else if (words[0].equals("user") && words.length == 3) {
                users.put(words[1], new User(words[1], words[2], List.of(), 0));
            } else if (words[0].equals("nkey") && words.length == 2) {
                nkeys.add(words[1]);
            } else if (words[0].equals("account") && words.length == 2) {
                accounts.put(words[1], new Account(words[1], 0, -1, List.of()));
            } else if (words.length == 2 && SETTINGS.contains(words[0])) {
                settings.put(words[0], words[1]);
            } else if (words.length == 4 && users.containsKey(words[0]) && words[1].equals("may")) {
                users.computeIfPresent(words[0], (name, user) -> permit(user, words[2], words[3]));
            } else if (words.length == 3 && accounts.containsKey(words[0])) {
                accounts.computeIfPresent(words[0], (name, account) -> change(account, words[1], words[2]));
            } else {
                throw new IllegalArgumentException("no such need: " + text);
            }
        }

        private static Account change(Account account, String what, String value) {
            return switch (what) {
                case "expires" ->
                    new Account(account.name, Integer.parseInt(value), account.connections, account.revoked);
                case "connections" ->
                    new Account(account.name, account.expires, Integer.parseInt(value), account.revoked);
                case "revokes" -> {
                    List<String> revoked = new ArrayList<>(account.revoked);
                    revoked.add(value);
                    yield new Account(account.name, account.expires, account.connections, List.copyOf(revoked));
                }
                default ->
                    throw new IllegalArgumentException("an account expires, connections or revokes, not: " + what);
            };
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
            return new Needs(
                    Collections.unmodifiableMap(new LinkedHashMap<>(settings)),
                    List.copyOf(users.values()),
                    List.copyOf(nkeys),
                    List.copyOf(accounts.values()),
                    List.copyOf(config));
        }
    }
}
