// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.internal.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Whatever comes as INFO, the answer is an Info or a ProtocolException (R-E9). */
class InfoPropertyTest {
    private static final List<String> RECORDED = List.copyOf(InfoVectors.ALL.values());

    @Property
    void fieldsOfTheFutureSurviveBesideThoseOfToday(
            @ForAll @IntRange(max = 12) int which, @ForAll("objects") Map<String, @Nullable Object> extra) {
        Map<String, @Nullable Object> today = Json.parse(RECORDED.get(which));
        Map<String, @Nullable Object> future = extra.entrySet().stream()
                .collect(LinkedHashMap::new, (map, e) -> map.put("new_" + e.getKey(), e.getValue()), Map::putAll);
        List<String> names = new ArrayList<>(today.keySet());
        names.addAll(future.keySet());
        Collections.shuffle(names, new Random(which));
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        names.forEach(name -> all.put(name, today.containsKey(name) ? today.get(name) : future.get(name)));

        Info info = Info.parse(Json.toText(all));

        assertThat(info.unknown()).isEqualTo(future);
        assertThat(info.version()).isEqualTo(today.get("version"));
        assertThat(Json.parse(info.toJson())).isEqualTo(all);
    }

    @Property
    void cutAnywhereItIsRefused(@ForAll @IntRange(max = 12) int which, @ForAll @IntRange(max = 1000) int at) {
        String text = RECORDED.get(which).strip();
        String cut = text.substring(0, at % text.length());

        assertThat(outcome(cut)).isEqualTo("ProtocolException");
    }

    @Property(tries = 3000)
    void anyChangeGivesAnInfoOrAProtocolException(
            @ForAll @IntRange(max = 12) int which,
            @ForAll @IntRange(max = 1000) int at,
            @ForAll @IntRange(max = 20) int removed,
            @ForAll("fragments") String inserted) {
        String text = RECORDED.get(which);
        int from = at % text.length();
        int to = Math.min(text.length(), from + removed);

        assertThat(outcome(text.substring(0, from) + inserted + text.substring(to)))
                .isIn("Info", "ProtocolException");
    }

    @Property
    void anyTextGivesAnInfoOrAProtocolException(@ForAll("fragments") String text) {
        assertThat(outcome(text)).isIn("Info", "ProtocolException");
        assertThat(outcome("{\"a\":" + text + "}")).isIn("Info", "ProtocolException");
        assertThat(outcome("{\"max_payload\":" + text + "}")).isIn("Info", "ProtocolException");
        assertThat(outcome("{\"server_id\":\"" + text + "\"}")).isIn("Info", "ProtocolException");
    }

    private static String outcome(String text) {
        try {
            Info.parse(text);
            return "Info";
        } catch (ProtocolException e) {
            assertThat(String.valueOf(e.getMessage()).length()).isBetween(10, 600);
            return "ProtocolException";
        }
    }

    @Provide
    Arbitrary<String> fragments() {
        Arbitrary<String> piece = Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                "\"",
                "\\",
                ":",
                ",",
                " ",
                "\\u00",
                "\\ud83d",
                "null",
                "true",
                "fals",
                "-",
                "1",
                "0",
                ".",
                "e",
                "E+",
                "99999999999999999999",
                "1e999999999",
                "-0",
                "\u0000",
                "\n",
                "é",
                "😀",
                "\ud83d",
                "/",
                "a",
                "\"max_payload\"",
                "\"connect_urls\"");
        return Arbitraries.oneOf(piece.list().ofMaxSize(12).map(list -> String.join("", list)), Arbitraries.strings());
    }

    @Provide
    Arbitrary<Map<String, @Nullable Object>> objects() {
        return Arbitraries.maps(names(), values(2)).ofMaxSize(4).map(InfoPropertyTest::inOrder);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.oneOf(
                Arbitraries.strings().alpha().ofMaxLength(8),
                Arbitraries.strings().ofMaxLength(8).filter(InfoPropertyTest::wellFormed));
    }

    private static Arbitrary<@Nullable Object> values(int depth) {
        Arbitrary<@Nullable Object> leaf = Arbitraries.oneOf(
                Arbitraries.longs().asGeneric(),
                Arbitraries.of(true, false).asGeneric(),
                Arbitraries.strings()
                        .ofMaxLength(20)
                        .filter(InfoPropertyTest::wellFormed)
                        .asGeneric(),
                Arbitraries.of(new BigDecimal("0.5"), new BigDecimal("18446744073709551616"))
                        .asGeneric());
        leaf = leaf.injectNull(0.1);
        if (depth == 0) {
            return leaf;
        }
        return Arbitraries.oneOf(
                leaf,
                values(depth - 1).list().ofMaxSize(3).asGeneric(),
                Arbitraries.maps(names(), values(depth - 1)).ofMaxSize(3).asGeneric());
    }

    private static Map<String, @Nullable Object> inOrder(Map<String, @Nullable Object> map) {
        return map.keySet().stream().sorted().collect(Collectors.collectingAndThen(Collectors.toList(), names -> {
            Map<String, @Nullable Object> ordered = new LinkedHashMap<>();
            names.forEach(name -> ordered.put(name, map.get(name)));
            return ordered;
        }));
    }

    /** Half a surrogate pair has no UTF-8. */
    private static boolean wellFormed(String text) {
        return UTF_8.newEncoder().canEncode(text);
    }
}
