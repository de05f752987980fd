// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WildcardsTest {
    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a, b, false",
        "*, a, true",
        "*, *, true",
        "a, *, false",
        ">, a.b, true",
        ">, >, true",
        "a.>, a.b.*, true",
        "a.>, a, false",
        "a.*, a.>, false",
        "a.*.c, a.*.c, true",
        "a.*, a.b.c, false",
        "a.b, a, false"
    })
    void covers(String pattern, String subject, boolean expected) {
        assertThat(Wildcards.covers(pattern, subject)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a, b, false",
        "a.*, *.b, true",
        "a.*, b.*, false",
        "a.>, *.b, true",
        "a.>, a, false",
        ">, a, true",
        "a.*, a, false",
        "a.b, a.b.>, false",
        "*.*, a.>, true"
    })
    void overlap(String first, String second, boolean expected) {
        assertThat(Wildcards.overlap(first, second)).isEqualTo(expected);
        assertThat(Wildcards.overlap(second, first)).isEqualTo(expected);
    }
}
