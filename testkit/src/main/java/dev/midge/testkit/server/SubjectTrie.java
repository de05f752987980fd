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
        @Nullable
        Map<String, Node<T>> children;

        @Nullable
        Set<T> plain;

        @Nullable
        Map<String, Set<T>> queues;

        boolean isEmpty() {
            return children == null && plain == null && queues == null;
        }

        @Nullable
        Node<T> child(String token) {
            return children == null ? null : children.get(token);
        }

        Node<T> makeChild(String token) {
            if (children == null) {
                children = new HashMap<>(4);
            }
            return children.computeIfAbsent(token, key -> new Node<>());
        }
    }

    /** How many are in it. */
    int size() {
        return size;
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
            Map<String, Node<T>> children = node.children;
            if (children != null) {
                children.remove(tokens[i]);
                if (children.isEmpty()) {
                    node.children = null;
                }
            }
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
        List<T> plain = new ArrayList<>();
        Map<String, List<T>> queues = new LinkedHashMap<>();
        // Not recursive: a client may send subjects of thousands of tokens.
        Deque<Place<T>> open = new ArrayDeque<>();
        open.push(new Place<>(root, 0));
        while (!open.isEmpty()) {
            Place<T> place = open.pop();
            Node<T> node = place.node;
            if (place.depth == tokens.length) {
                collect(node, plain, queues);
                continue;
            }
            Node<T> rest = node.child(REST);
            if (rest != null) {
                collect(rest, plain, queues);
            }
            String token = tokens[place.depth];
            if (!isWildcard(token)) {
                push(open, node.child(token), place.depth + 1);
            }
            push(open, node.child(ANY), place.depth + 1);
        }
        return new Match<>(plain, new ArrayList<>(queues.values()));
    }

    private record Place<T>(Node<T> node, int depth) {}

    private static <T> void push(Deque<Place<T>> open, @Nullable Node<T> node, int depth) {
        if (node != null) {
            open.push(new Place<>(node, depth));
        }
    }

    private static <T> void collect(Node<T> node, List<T> plain, Map<String, List<T>> queues) {
        if (node.plain != null) {
            plain.addAll(node.plain);
        }
        if (node.queues != null) {
            node.queues.forEach((queue, members) ->
                    queues.computeIfAbsent(queue, key -> new ArrayList<>()).addAll(members));
        }
    }

    private static boolean isWildcard(String token) {
        return token.equals(ANY) || token.equals(REST);
    }
}
