// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compared with what Go 1.26's {@code %q} makes of the same bytes. */
class GoQuoteTest {
    private static String quoted(String utf8) {
        byte[] bytes = utf8.getBytes(UTF_8);
        return GoQuote.quote(Arguments.text(bytes, 0, bytes.length));
    }

    @Test
    void printableStays() {
        assertThat(quoted("a.b c")).isEqualTo("\"a.b c\"");
        assertThat(quoted("é€😀\u0301")).isEqualTo("\"é€😀\u0301\"");
    }

    @Test
    void restIsEscaped() {
        assertThat(quoted("\"\\\u0007\b\f\n\r\t\u000b\0\u001f\u007f"))
                .isEqualTo("\"\\\"\\\\\\a\\b\\f\\n\\r\\t\\v\\x00\\x1f\\x7f\"");
        assertThat(quoted("\u0085\u00a0\u00ad\u2028\u200b\ue000"))
                .isEqualTo("\"\\u0085\\u00a0\\u00ad\\u2028\\u200b\\ue000\"");
        assertThat(quoted(new String(Character.toChars(0xe0001)))).isEqualTo("\"\\U000e0001\"");
        assertThat(quoted("\ufffd")).isEqualTo("\"\ufffd\"");
    }

    @ParameterizedTest
    @CsvSource({
        "ff, \\xff",
        "c3, \\xc3",
        "c328, \\xc3(",
        "eda080, \\xed\\xa0\\x80",
        "c080, \\xc0\\x80",
        "f4908080, \\xf4\\x90\\x80\\x80"
    })
    void whatIsNoUtf8IsEscapedByteByByte(String hex, String expected) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(GoQuote.quote(Arguments.text(bytes, 0, bytes.length))).isEqualTo("\"" + expected + "\"");
    }
}
