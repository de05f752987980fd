// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of a list of permissions: a subject, and perhaps the queue group that it is about. */
record Filter(String subject, @Nullable String queue) implements Interest {
    /** Reads {@code <subject> [queue]}. */
    static Filter parse(String text) {
        // As Arguments has it: a character for each byte.
        String bytes = Arguments.text(text.getBytes(UTF_8), 0, text.getBytes(UTF_8).length);
        int space = bytes.indexOf(' ');
        return space < 0 ? new Filter(bytes, null) : new Filter(bytes.substring(0, space), bytes.substring(space + 1));
    }

    /** A trie of such lines; null when there are none. */
    static @Nullable SubjectTrie<Filter> trie(List<Filter> filters) {
        if (filters.isEmpty()) {
            return null;
        }
        SubjectTrie<Filter> trie = new SubjectTrie<>();
        filters.forEach(trie::insert);
        return trie;
    }

    /** Whether one of the groups that matched is this one, or stands for it by wildcards. */
    static boolean names(List<List<Filter>> groups, String queue) {
        for (List<Filter> group : groups) {
            String name = group.get(0).queue();
            if (name != null && (name.equals(queue) || (Wildcards.has(name) && Wildcards.covers(name, queue)))) {
                return true;
            }
        }
        return false;
    }
}
