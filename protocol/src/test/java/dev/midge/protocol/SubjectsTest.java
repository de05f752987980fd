// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static dev.midge.protocol.SubjectValidation.LENIENT;
import static dev.midge.protocol.SubjectValidation.NONE;
import static dev.midge.protocol.SubjectValidation.STRICT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.base.Allocation;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which subjects each mode takes (ADR-6), and what it says about the others. */
class SubjectsTest {
    private static final String LENIENT_TOKENS =
            "it must be tokens separated by dots, without blank, tab, CR, LF, FF or NUL";
    private static final String STRICT_TOKENS =
            "it must be tokens separated by dots, of printable ASCII without * and > (ADR-6)";

    /** n, l, s: taken by none, lenient, strict; what is missing is refused. */
    private static String modes(BiConsumer<@Nullable String, SubjectValidation> check, @Nullable String value) {
        StringBuilder taken = new StringBuilder();
        for (SubjectValidation mode : SubjectValidation.values()) {
            try {
                check.accept(value, mode);
                taken.append(mode.name().toLowerCase(Locale.ROOT).charAt(0));
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining(": ").hasMessageContaining("; it must");
            }
        }
        return taken.toString();
    }

    /** Publish, subscribe, queue, inbox prefix: who takes the value. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a           | nls | nls | nls | nls
                    a.b.c       | nls | nls | nl  | nls
                    $SYS._x-/!~ | nls | nls | nl  | nls
                    `a b`       | ``  | ``  | ``  | ``
                    ` a`        | ``  | ``  | ``  | ``
                    `a `        | ``  | ``  | ``  | ``
                    a\\tb       | ``  | ``  | ``  | ``
                    a\\rb       | ``  | ``  | ``  | ``
                    a\\nb       | ``  | ``  | ``  | ``
                    a\\0b       | ``  | ``  | ``  | ``
                    a\\fb       | n   | n   | n   | ``
                    a\\1b       | nl  | nl  | nl  | nl
                    a\\7fb      | nl  | nl  | nl  | nl
                    é.😀        | nl  | nl  | nl  | nl
                    a\\hi       | n   | n   | n   | ``
                    a\\lo       | n   | n   | n   | ``
                    a..b        | n   | n   | nl  | ``
                    .a          | n   | n   | nl  | ``
                    a.          | n   | n   | nl  | ``
                    .           | n   | n   | nl  | ``
                    *           | n   | nls | nl  | ``
                    a.*.b       | n   | nls | nl  | ``
                    a.*         | n   | nls | nl  | ``
                    >           | n   | nls | nl  | ``
                    a.>         | n   | nls | nl  | ``
                    *.>         | n   | nls | nl  | ``
                    >.a         | n   | n   | nl  | ``
                    a.>.b       | n   | n   | nl  | ``
                    >.>         | n   | n   | nl  | ``
                    a.>.        | n   | n   | nl  | ``
                    a*b         | nl  | nl  | nl  | nl
                    a*          | nl  | nl  | nl  | nl
                    a>          | nl  | nl  | nl  | nl
                    >>          | nl  | nl  | nl  | nl
                    **.a        | nl  | nl  | nl  | nl
                    """)
    void eachModeTakesWhatItSays(String value, String publish, String subscribe, String queue, String prefix) {
        String raw = unescape(value);

        assertThat(modes(Subjects::checkPublish, raw)).isEqualTo(publish);
        assertThat(modes(Subjects::checkReplyTo, raw)).isEqualTo(publish);
        assertThat(modes(Subjects::checkSubscribe, raw)).isEqualTo(subscribe);
        assertThat(modes(Subjects::checkQueue, raw)).isEqualTo(queue);
        assertThat(modes(Subjects::checkInboxPrefix, raw)).isEqualTo(prefix);
    }

    private static String unescape(String value) {
        return value.replace("\\t", "\t")
                .replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\0", "\0")
                .replace("\\f", "\f")
                .replace("\\1", "\1")
                .replace("\\7f", "\u007f")
                .replace("\\hi", "\ud83d")
                .replace("\\lo", "\ude00");
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsRefusedInEveryMode(SubjectValidation mode) {
        for (String nothing : new String[] {null, ""}) {
            assertThat(modes(Subjects::checkPublish, nothing)).isEmpty();
            assertThat(modes(Subjects::checkReplyTo, nothing)).isEmpty();
            assertThat(modes(Subjects::checkSubscribe, nothing)).isEmpty();
            assertThat(modes(Subjects::checkQueue, nothing)).isEmpty();
            assertThat(modes(Subjects::checkInboxPrefix, nothing)).isEmpty();
        }
        assertThatThrownBy(() -> Subjects.checkPublish(null, mode)).hasMessageStartingWith("subject null: nothing; ");
    }

    @Test
    void whatIsRefusedIsToldByArgumentValueAndRule() {
        assertThatThrownBy(() -> Subjects.checkPublish("a..b", LENIENT))
                .hasMessage("subject \"a..b\": empty token at index 2; " + LENIENT_TOKENS + ", none a wildcard");
        assertThatThrownBy(() -> Subjects.checkPublish("a.", STRICT))
                .hasMessage("subject \"a.\": empty token at index 2; " + STRICT_TOKENS + ", none a wildcard");
        assertThatThrownBy(() -> Subjects.checkReplyTo("a.*", LENIENT))
                .hasMessage("reply-to subject \"a.*\": '*' at index 2; " + LENIENT_TOKENS + ", none a wildcard");
        assertThatThrownBy(() -> Subjects.checkSubscribe("a.>.b", LENIENT))
                .hasMessage("subject \"a.>.b\": '>' at index 2; " + LENIENT_TOKENS
                        + "; * stands for a token, > for all at the end");
        assertThatThrownBy(() -> Subjects.checkSubscribe("a*", STRICT))
                .hasMessage("subject \"a*\": '*' at index 1; " + STRICT_TOKENS
                        + "; * stands for a token, > for all at the end");
        assertThatThrownBy(() -> Subjects.checkPublish("a\r\nPUB b 0", NONE))
                .hasMessage("subject \"a\\u000d\\u000aPUB b 0\": CR at index 1; "
                        + "it must not be empty, nor contain blank, tab, CR, LF or NUL");
        assertThatThrownBy(() -> Subjects.checkQueue("q 1", LENIENT))
                .hasMessage("queue group \"q 1\": blank at index 1; "
                        + "it must not be empty, nor contain blank, tab, CR, LF or NUL");
        assertThatThrownBy(() -> Subjects.checkQueue("q.1", STRICT))
                .hasMessage(
                        "queue group \"q.1\": '.' at index 1; " + "it must be printable ASCII without . * > (ADR-6)");
        assertThatThrownBy(() -> Subjects.checkInboxPrefix("_INBOX.", NONE))
                .hasMessage(
                        "inbox prefix \"_INBOX.\": empty token at index 7; " + LENIENT_TOKENS + ", none a wildcard");
        assertThatThrownBy(() -> Subjects.checkPublish("é", STRICT)).hasMessageContaining("U+00E9 at index 0");
        assertThatThrownBy(() -> Subjects.checkPublish("x".repeat(99) + " ", STRICT))
                .hasMessageContaining("x\"... (100 characters): blank at index 99;");
    }

    @Test
    void wildcardsAreTokensByThemselves() {
        assertThat(Subjects.isWildcard("*")).isTrue();
        assertThat(Subjects.isWildcard("a.*.b")).isTrue();
        assertThat(Subjects.isWildcard("a.>")).isTrue();
        assertThat(Subjects.isWildcard("a")).isFalse();
        assertThat(Subjects.isWildcard("a*.b>.**")).isFalse();
        assertThat(Subjects.isWildcard("")).isFalse();
    }

    @Test
    void aGoodSubjectCostsNoAllocation() {
        String[] good = {"orders.eu.new", "orders.é.*x", "a"};
        long bytes = Allocation.leastBytes(20, () -> {
            for (int i = 0; i < 1000; i++) {
                Subjects.checkPublish(good[i % 3], LENIENT);
                Subjects.checkReplyTo(good[i % 3], LENIENT);
                Subjects.checkSubscribe("orders.*.>", STRICT);
                Subjects.checkQueue("workers", STRICT);
            }
        });

        assertThat(bytes).isZero();
    }
}
