// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.json.JsonException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read, what is written, and what is neither. */
class JsonTest {
    @Test
    void everyKindOfValueInOrder() {
        String text =
                "{\"b\":[[1],[[-2.5]],{}],\"a\":null,\"t\":true,\"n\":18446744073709551615,\"s\":\"ö\\\"\\u0000\"}";
        Map<String, ?> tree = Json.parse(text);
        assertThat(tree.keySet()).containsExactly("b", "a", "t", "n", "s");
        assertThat(tree.get("b")).isEqualTo(List.of(List.of(1L), List.of(List.of(new BigDecimal("-2.5"))), Map.of()));
        assertThat(tree.get("n")).isEqualTo(new BigDecimal("18446744073709551615"));
        assertThat(Json.parse(Json.toBytes(tree))).isEqualTo(tree);
        assertThat(Json.toText(Json.parse("{\"b\":[[1],[[-2.5]],{}],\"a\":null}")))
                .isEqualTo("{\"b\":[[1],[[-2.5]],{}],\"a\":null}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "5",
                "{",
                "{}x",
                "{} {}",
                "{\"a\":}",
                "{\"a\":nil}",
                "{\"a\":\"\\u00",
                "{\"a\":1e1001}",
                "{\"a\":1e-1001}",
                "{\"a\":01}",
                "{\"a\" 1}"
            })
    void whatIsNone(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void noDeeperThanItMayBe() {
        String deepest = "{\"a\":".repeat(Json.MAX_DEPTH) + "1" + "}".repeat(Json.MAX_DEPTH);
        assertThat(Json.toText(Json.parse(deepest))).isEqualTo(deepest);
        assertThatThrownBy(() -> Json.parse("{\"a\":" + deepest + "}"))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("nested deeper than 32");
        assertThatThrownBy(() -> Json.parse("{\"a\":" + "[".repeat(100_000))).isInstanceOf(JsonException.class);

        Map<String, Object> endless = new LinkedHashMap<>();
        endless.put("a", Arrays.asList(1, endless));
        assertThatThrownBy(() -> Json.toText(endless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nested deeper than 32");
    }

    @Test
    void whatHasNoJson() {
        assertThatThrownBy(() -> Json.toText(Map.of("a", Double.NaN))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.toText(Map.of("a", new Object())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class java.lang.Object has no JSON");
        assertThat(Json.toBytes(Map.of("a\ud800", "\udc00"))).isEqualTo("{\"a?\":\"?\"}".getBytes(UTF_8));
    }
}
