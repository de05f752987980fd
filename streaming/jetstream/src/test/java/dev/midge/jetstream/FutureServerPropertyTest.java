// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.internal.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** What servers of the future send is kept; what is no answer at all gives nothing but a JetStreamException (R-E9). */
class FutureServerPropertyTest {
    private static final int MANY = 10_000;

    @Property(tries = 300)
    void newFieldsOnEveryLevelAreWrittenBack(
            @ForAll @IntRange(max = MANY) int which, @ForAll("members") Map<String, @Nullable Object> extra) {
        Recorded.One one = recorded(which);
        Map<String, @Nullable Object> future = extended(one.tree(), extra);

        ApiObject object = one.schema().read(future);

        extra.forEach((name, value) -> assertThat(object.unknown()).containsEntry("new_" + name, value));
        assertThat(Json.parse(object.toJson().getBytes(UTF_8)).keySet())
                .containsAll(one.parse().held().keySet());
        assertThat(one.schema().parse(object.toJson().getBytes(UTF_8))).isEqualTo(object);
    }

    @Property(tries = 300)
    void aConfigurationOfTheFutureSurvivesAnUpdate(
            @ForAll("members") Map<String, @Nullable Object> extra, @ForAll("words") String policy) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>(Map.of("name", "S", "max_msgs", 5L));
        tree.put("retention", "new_" + policy);
        StreamConfig read = StreamConfig.SCHEMA.read(extended(tree, extra));

        StreamConfig updated = read.toBuilder().maxMsgs(6).build();

        assertThat(read.retention()).isEqualTo(RetentionPolicy.UNKNOWN);
        Map<String, @Nullable Object> written = Json.parse(updated.toJson().getBytes(UTF_8));
        assertThat(written).containsEntry("retention", "new_" + policy).containsEntry("max_msgs", 6L);
        assertThat(updated.unknown()).isEqualTo(read.unknown()).hasSameSizeAs(extra);
    }

    @Property(tries = 2000)
    void anyChangeGivesAnObjectOrAJetStreamException(
            @ForAll @IntRange(max = MANY) int which,
            @ForAll @IntRange(max = MANY) int at,
            @ForAll @IntRange(max = 20) int removed,
            @ForAll("fragments") String inserted) {
        Recorded.One one = recorded(which);
        String text = Json.toText(one.tree());
        int from = at % text.length();
        int to = Math.min(text.length(), from + removed);
        String changed = text.substring(0, from) + inserted + text.substring(to);

        try {
            ApiObject object = one.schema().parse(changed.getBytes(UTF_8));
            assertThat(one.schema().parse(object.toJson().getBytes(UTF_8))).isEqualTo(object);
        } catch (JetStreamException e) {
            assertThat(e).hasMessageContaining(" ").isExactlyInstanceOf(JetStreamException.class);
        }
    }

    @Property(tries = 300)
    void cutAnywhereItIsRefused(@ForAll @IntRange(max = MANY) int which, @ForAll @IntRange(max = MANY) int at) {
        Recorded.One one = recorded(which);
        String text = Json.toText(one.tree());
        String cut = text.substring(0, at % text.length());

        assertThatThrownBy(() -> one.schema().parse(cut.getBytes(UTF_8)))
                .isExactlyInstanceOf(JetStreamException.class)
                .hasMessageContaining("is not a JSON object");
    }

    private static Recorded.One recorded(int which) {
        return Recorded.ALL.get(which % Recorded.ALL.size());
    }

    /** With further members in this object and in all those within, except where names are the user's. */
    private static Map<String, @Nullable Object> extended(Map<?, ?> tree, Map<String, @Nullable Object> extra) {
        Map<String, @Nullable Object> extended = new LinkedHashMap<>();
        tree.forEach((name, value) -> {
            boolean names = List.of("metadata", "subjects", "tiers").contains(name) && value instanceof Map;
            extended.put(String.valueOf(name), names ? value : deep(value, extra));
        });
        extra.forEach((name, value) -> extended.put("new_" + name, value));
        return extended;
    }

    private static @Nullable Object deep(@Nullable Object value, Map<String, @Nullable Object> extra) {
        if (value instanceof Map<?, ?> map) {
            return extended(map, extra);
        }
        return value instanceof List<?> list
                ? list.stream().map(element -> deep(element, extra)).toList()
                : value;
    }

    @Provide
    Arbitrary<Map<String, @Nullable Object>> members() {
        return Arbitraries.maps(words(), values()).ofMaxSize(4);
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8);
    }

    private Arbitrary<@Nullable Object> values() {
        Arbitrary<@Nullable Object> plain = Arbitraries.oneOf(
                Arbitraries.strings()
                        .excludeChars('\0')
                        .ofMaxLength(5)
                        .filter(text -> text.equals(new String(text.getBytes(UTF_8), UTF_8))),
                Arbitraries.longs(),
                Arbitraries.of(true, false),
                Arbitraries.just(new BigDecimal("1.5")),
                Arbitraries.just(new BigDecimal("18446744073709551615")));
        Arbitrary<@Nullable Object> lists = plain.list().ofMaxSize(3).map(list -> list);
        return Arbitraries.oneOf(plain, lists, Arbitraries.just(Map.of("a", List.of(1L))));
    }

    @Provide
    Arbitrary<String> fragments() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "\"",
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "null",
                        "true",
                        "-1",
                        "1e999999999",
                        "1.5",
                        "\\u12",
                        "18446744073709551616",
                        "18446744073709551615",
                        "\"\\",
                        "{\"a\":[[[]]]}",
                        "é",
                        "0001-01-01T00:00:00Z"),
                Arbitraries.strings().ofMaxLength(4));
    }
}
