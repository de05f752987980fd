// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The checks against the same rules written down token by token, as the server has them. */
class SubjectsPropertyTest {
    @Property(tries = 20_000)
    void lenientIsWhatTheServerTakes(@ForAll("subjects") String subject) {
        List<String> tokens = Arrays.asList(subject.split("\\.", -1));
        boolean noEmptyToken = tokens.stream().noneMatch(String::isEmpty);
        boolean noSpace = subject.chars().noneMatch(c -> "\t\n\f\r \0".indexOf(c) >= 0);
        int firstTail = tokens.indexOf(">");
        boolean tailIsLast = firstTail < 0 || firstTail == tokens.size() - 1;
        boolean literal = !tokens.contains("*") && !tokens.contains(">");

        assertThat(taken(() -> Subjects.checkSubscribe(subject, SubjectValidation.LENIENT)))
                .isEqualTo(noEmptyToken && noSpace && tailIsLast);
        assertThat(taken(() -> Subjects.checkPublish(subject, SubjectValidation.LENIENT)))
                .isEqualTo(noEmptyToken && noSpace && literal);
        assertThat(Subjects.isWildcard(subject)).isEqualTo(!literal);
    }

    @Property(tries = 20_000)
    void strictIsTheGrammarOfAdr6(@ForAll("subjects") String subject) {
        String term = "[\\x21-\\x7e&&[^.*>]]+";

        assertThat(taken(() -> Subjects.checkPublish(subject, SubjectValidation.STRICT)))
                .isEqualTo(subject.matches(term + "(\\." + term + ")*"));
        assertThat(taken(() -> Subjects.checkSubscribe(subject, SubjectValidation.STRICT)))
                .isEqualTo(subject.matches(">|(" + term + "|\\*)(\\.(" + term + "|\\*))*(\\.>)?"));
        assertThat(taken(() -> Subjects.checkQueue(subject, SubjectValidation.STRICT)))
                .isEqualTo(subject.matches(term));
    }

    private static boolean taken(Runnable check) {
        try {
            check.run();
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    @Provide
    Arbitrary<String> subjects() {
        return Arbitraries.of(
                        "a", "B-", ".", ".", "*", ">", " ", "\t", "\r", "\n", "\f", "\0", "\u0001", "\u007f", "é", "!",
                        "~")
                .list()
                .ofMaxSize(8)
                .map(pieces -> String.join("", pieces));
    }
}
