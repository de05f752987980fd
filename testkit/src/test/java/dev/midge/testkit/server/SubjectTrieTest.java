// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is interested in what: compared with looking at each interest by itself. */
class SubjectTrieTest {
    private static final String[] TOKENS = {"a", "b", "c", "*", ">", "a*"};

    private static String subject(Random random) {
        List<String> tokens = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            tokens.add(TOKENS[random.nextInt(TOKENS.length)]);
        }
        return String.join(".", tokens);
    }

    /** As the documentation of NATS has it. */
    private static boolean matches(String filter, String subject) {
        String[] wanted = filter.split("\\.", -1);
        String[] tokens = subject.split("\\.", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals(">")) {
                return i < tokens.length;
            }
            if (i == tokens.length || (!wanted[i].equals("*") && !wanted[i].equals(tokens[i]))) {
                return false;
            }
        }
        return wanted.length == tokens.length;
    }

    @Test
    void findsWhatMatches() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SubjectTrie<Filter> trie = new SubjectTrie<>();
            Set<Filter> all = new HashSet<>();
            for (int step = 0; step < 200; step++) {
                Filter filter = new Filter(subject(random), random.nextBoolean() ? null : "q" + random.nextInt(2));
                if (random.nextInt(3) == 0) {
                    trie.remove(filter);
                    all.remove(filter);
                } else if (trie.insert(filter)) {
                    assertThat(filter.subject()).doesNotContain(">.");
                    all.add(filter);
                } else {
                    assertThat(filter.subject()).contains(">.");
                }
                assertThat(trie.size()).isEqualTo(all.size());
                String subject = subject(random).replace(".>", ".c").replace("*", "b");
                check(trie, all, subject.equals(">") ? "a" : subject, seed);
            }
            all.forEach(trie::remove);
            assertThat(trie.size()).isZero();
            assertThat(trie.isBare()).isTrue();
            assertThat(trie.match("a").isEmpty()).isTrue();
        }
    }

    private static void check(SubjectTrie<Filter> trie, Set<Filter> all, String subject, int seed) {
        Match<Filter> match = trie.match(subject);
        List<Filter> found = new ArrayList<>(match.plain());
        match.queues().forEach(group -> {
            assertThat(group).isNotEmpty();
            assertThat(group)
                    .extracting(Filter::queue)
                    .containsOnly(group.get(0).queue());
            found.addAll(group);
        });
        List<Filter> expected = all.stream()
                .filter(filter -> matches(filter.subject(), subject))
                .toList();
        assertThat(found).as("%s, seed %d", subject, seed).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", ">.a", "a.>.b"})
    void takesNoSubjectThatIsNone(String subject) {
        SubjectTrie<Filter> trie = new SubjectTrie<>();
        assertThat(trie.insert(new Filter(subject, null))).isFalse();
        assertThat(trie.size()).isZero();
        trie.insert(new Filter(">", null));
        assertThat(trie.match(subject).isEmpty()).isEqualTo(!subject.startsWith(">") && !subject.equals("a.>.b"));
    }

    @Test
    void subjectsOfThousandsOfTokens() {
        SubjectTrie<Filter> trie = new SubjectTrie<>();
        Filter stars = new Filter("*.".repeat(5_000) + "a", null);
        Filter letters = new Filter("a.".repeat(5_000) + "a", "q");
        trie.insert(stars);
        trie.insert(letters);
        Match<Filter> match = trie.match("a.".repeat(5_000) + "a");
        assertThat(match.plain()).containsExactly(stars);
        assertThat(match.queues()).containsExactly(List.of(letters));
        trie.remove(stars);
        trie.remove(letters);
        assertThat(trie.size()).isZero();
    }

    @Test
    void cacheForgetsWhenSomethingChanges() {
        SubjectTrie<Filter> trie = new SubjectTrie<>();
        MatchCache<Filter> cache = new MatchCache<>(trie);
        byte[] bytes = Arguments.bytes("-a.b-");
        assertThat(cache.match(bytes, 1, 4).isEmpty()).isTrue();
        Filter filter = new Filter("a.*", null);
        trie.insert(filter);
        assertThat(cache.match(bytes, 1, 4).plain()).containsExactly(filter);
        assertThat(cache.match(bytes, 1, 4)).isSameAs(cache.match(bytes, 1, 4));
        trie.remove(filter);
        assertThat(cache.match(bytes, 1, 4).isEmpty()).isTrue();
    }
}
