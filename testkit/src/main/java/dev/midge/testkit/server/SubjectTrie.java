// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is interested in which subjects, a level for each token: to find them takes as long as the subject has tokens, not
 * as there are interests. A token is a wildcard when it is {@code *} or {@code >} and nothing else.
 *
 * @param <T> told apart by {@code equals}
 */
final class SubjectTrie<T extends Interest> {
    private static final String ANY = "*";
    private static final String REST = ">";

    private final Node<T> root = new Node<>();
    private int size;
    private long generation;

    private static final class Node<T> {
        /** Where {@code *} leads. */
        @Nullable
        Node<T> any;

        /** Where {@code >} leads. */
        @Nullable
        Node<T> rest;

        /** Where other tokens lead. */
        @Nullable
        Map<String, Node<T>> literals;

        @Nullable
        Set<T> plain;

        @Nullable
        Map<String, Set<T>> queues;

        boolean isEmpty() {
            return any == null && rest == null && literals == null && plain == null && queues == null;
        }

        @Nullable
        Node<T> child(String token) {
            return switch (token) {
                case ANY -> any;
                case REST -> rest;
                default -> literals == null ? null : literals.get(token);
            };
        }

        Node<T> makeChild(String token) {
            Node<T> child = child(token);
            if (child == null) {
                child = new Node<>();
                putChild(token, child);
            }
            return child;
        }

        void putChild(String token, @Nullable Node<T> child) {
            switch (token) {
                case ANY -> any = child;
                case REST -> rest = child;
                default -> putLiteral(token, child);
            }
        }

        private void putLiteral(String token, @Nullable Node<T> child) {
            Map<String, Node<T>> nodes = literals == null ? new HashMap<>(4) : literals;
            if (child == null) {
                nodes.remove(token);
            } else {
                nodes.put(token, child);
            }
            literals = nodes.isEmpty() ? null : nodes;
        }
    }

    /** How many are in it. */
    int size() {
        return size;
    }

    /** Whether it holds nothing, nor the way to anything that was there. */
    boolean isBare() {
        return root.isEmpty();
    }

    /** Another number after each change. */
    long generation() {
        return generation;
    }

    /**
     * Adds an interest.
     *
     * @return false if its subject has an empty token or goes on behind {@code >}
     */
    boolean insert(T interest) {
        String[] tokens = Wildcards.tokens(interest.subject());
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i].isEmpty() || (i < tokens.length - 1 && tokens[i].equals(REST))) {
                return false;
            }
        }
        Node<T> node = root;
        for (String token : tokens) {
            node = node.makeChild(token);
        }
        if (members(node, interest.queue()).add(interest)) {
            size++;
            generation++;
        }
        return true;
    }

    private static <T> Set<T> members(Node<T> node, @Nullable String queue) {
        if (queue == null) {
            if (node.plain == null) {
                node.plain = new LinkedHashSet<>(2);
            }
            return node.plain;
        }
        if (node.queues == null) {
            node.queues = new LinkedHashMap<>(2);
        }
        return node.queues.computeIfAbsent(queue, key -> new LinkedHashSet<>(2));
    }

    /** Takes an interest out again, and what was there for its sake only. */
    void remove(T interest) {
        Deque<Node<T>> path = new ArrayDeque<>();
        String[] tokens = Wildcards.tokens(interest.subject());
        Node<T> node = root;
        for (String token : tokens) {
            path.push(node);
            Node<T> child = node.child(token);
            if (child == null) {
                return;
            }
            node = child;
        }
        if (!removeFrom(node, interest)) {
            return;
        }
        size--;
        generation++;
        for (int i = tokens.length - 1; i >= 0 && node.isEmpty(); i--) {
            node = path.pop();
            node.putChild(tokens[i], null);
        }
    }

    private boolean removeFrom(Node<T> node, T interest) {
        String queue = interest.queue();
        Set<T> members = queue == null ? node.plain : node.queues == null ? null : node.queues.get(queue);
        if (members == null || !members.remove(interest)) {
            return false;
        }
        if (members.isEmpty()) {
            if (queue == null) {
                node.plain = null;
            } else if (node.queues != null) {
                node.queues.remove(queue);
                if (node.queues.isEmpty()) {
                    node.queues = null;
                }
            }
        }
        return true;
    }

    /**
     * Who is interested in a subject: nobody where a token is empty. Wildcards in the subject itself are tokens like any
     * other, which only wildcards match.
     */
    Match<T> match(String subject) {
        if (size == 0) {
            return Match.none();
        }
        String[] tokens = Wildcards.tokens(subject);
        for (String token : tokens) {
            if (token.isEmpty()) {
                return Match.none();
            }
        }
        Matching<T> matching = new Matching<>();
        // Not recursive: a client may send subjects of thousands of tokens.
        Deque<Place<T>> open = new ArrayDeque<>(4);
        Node<T> node = root;
        int depth = 0;
        while (true) {
            if (node != null && depth < tokens.length) {
                matching.addAll(node.rest);
                Node<T> any = node.any;
                String token = tokens[depth++];
                node = token.equals(ANY) || token.equals(REST) ? null : node.child(token);
                if (node == null) {
                    node = any;
                } else if (any != null) {
                    open.push(new Place<>(any, depth));
                }
                continue;
            }
            matching.addAll(node);
            Place<T> place = open.poll();
            if (place == null) {
                return matching.result();
            }
            node = place.node;
            depth = place.depth;
        }
    }

    private record Place<T>(Node<T> node, int depth) {}

    private static final class Matching<T extends Interest> {
        private final List<T> plain = new ArrayList<>(2);
        private @Nullable Map<String, List<T>> queues;

        void addAll(@Nullable Node<T> node) {
            if (node == null) {
                return;
            }
            if (node.plain != null) {
                plain.addAll(node.plain);
            }
            if (node.queues != null) {
                Map<String, List<T>> groups = queues == null ? new LinkedHashMap<>() : queues;
                queues = groups;
                node.queues.forEach((queue, members) ->
                        groups.computeIfAbsent(queue, key -> new ArrayList<>()).addAll(members));
            }
        }

        Match<T> result() {
            return new Match<>(plain, queues == null ? List.of() : new ArrayList<>(queues.values()));
        }
    }
}
