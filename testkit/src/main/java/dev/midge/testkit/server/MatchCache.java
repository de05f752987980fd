// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SubjectTrie} answered for the subjects asked for last, found by the bytes of a subject without making a
 * String of them. A change of the trie makes all of it worthless at once, at no cost.
 */
final class MatchCache<T extends Interest> {
    /** A power of two. Each place holds the last subject that fell on it: some megabytes in all, when it is full. */
    private static final int PLACES = 16 << 10;

    /** A cache of long subjects would be large, and finding them costs more than it saves. */
    private static final int MAX_SUBJECT = 512;

    private final SubjectTrie<T> trie;
    private final @Nullable Entry<T>[] entries = newEntries();

    private static final class Entry<T extends Interest> {
        final byte[] subject;
        final long generation;
        final Match<T> match;

        Entry(byte[] subject, long generation, Match<T> match) {
            this.subject = subject;
            this.generation = generation;
            this.match = match;
        }
    }

    MatchCache(SubjectTrie<T> trie) {
        this.trie = trie;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    private static <T extends Interest> @Nullable Entry<T>[] newEntries() {
        return new Entry[PLACES];
    }

    Match<T> match(byte[] bytes, int from, int to) {
        int place = place(bytes, from, to);
        Entry<T> entry = entries[place];
        if (entry != null
                && entry.generation == trie.generation()
                && Arrays.equals(entry.subject, 0, entry.subject.length, bytes, from, to)) {
            return entry.match;
        }
        Match<T> match = trie.match(Arguments.text(bytes, from, to));
        if (to - from <= MAX_SUBJECT) {
            entries[place] = new Entry<>(Arrays.copyOfRange(bytes, from, to), trie.generation(), match);
        }
        return match;
    }

    private static int place(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash ^ (hash >>> 14)) & (PLACES - 1);
    }
}
