// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** INFO as servers send it, and as nobody should (R-E9). */
class InfoTest {
    private static final String EVERYTHING = "{\"server_id\":\"ND1\",\"server_name\":\"one\",\"version\":\"2.15.2\","
            + "\"proto\":1,\"git_commit\":\"abc\",\"go\":\"go1.26\",\"host\":\"h\",\"port\":4222,\"headers\":true,"
            + "\"auth_required\":true,\"tls_required\":true,\"tls_verify\":true,\"tls_available\":true,"
            + "\"max_payload\":2048,\"jetstream\":true,\"ip\":\"10.0.0.1\",\"client_id\":7,"
            + "\"client_ip\":\"10.0.0.2\",\"nonce\":\"nnn\",\"cluster\":\"C1\",\"cluster_dynamic\":true,"
            + "\"domain\":\"hub\",\"connect_urls\":[\"a:1\",\"b:2\"],\"ws_connect_urls\":[\"a:3\"],\"ldm\":true,"
            + "\"compression\":\"s2_auto\",\"connect_info\":true,\"remote_account\":\"ACC\",\"acc_is_sys\":true,"
            + "\"api_lvl\":5,\"xkey\":\"XK\"}";

    static Set<Map.Entry<String, String>> recorded() {
        return InfoVectors.ALL.entrySet();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void whatServersSendIsUnderstoodInFullAndWrittenBackTheSame(Map.Entry<String, String> vector) {
        Info info = Info.parse(vector.getValue());

        assertThat(info.unknown()).isEmpty();
        assertThat(info.version()).isEqualTo(vector.getKey().replaceFirst("-.*", ""));
        String unescaped = vector.getValue()
                .replace("\\u003c", "<")
                .replace("\\u003e", ">")
                .replace("\\u0026", "&");
        assertThat(info.toJson()).isEqualTo(unescaped.stripTrailing());
        assertThat(Info.parse(info.toJson())).isEqualTo(info);
    }

    @Test
    void everyFieldHasItsNameOnTheWire() {
        Info info = Info.parse(EVERYTHING);

        assertThat(info)
                .isEqualTo(new Info(
                        "ND1",
                        "one",
                        "2.15.2",
                        1,
                        "abc",
                        "go1.26",
                        "h",
                        4222,
                        true,
                        true,
                        true,
                        true,
                        true,
                        2048,
                        true,
                        "10.0.0.1",
                        7,
                        "10.0.0.2",
                        "nnn",
                        "C1",
                        true,
                        "hub",
                        List.of("a:1", "b:2"),
                        List.of("a:3"),
                        true,
                        "s2_auto",
                        true,
                        "ACC",
                        true,
                        5,
                        "XK",
                        Map.of()));
        assertThat(info.toJson()).isEqualTo(EVERYTHING);
    }

    @Test
    void absentFieldsHaveDefaults() {
        Info info = Info.parse(" {} ");

        assertThat(info.maxPayload()).isEqualTo(1048576);
        assertThat(info.payloadLimited()).isTrue();
        assertThat(info.serverId()).isEmpty();
        assertThat(info.nonce()).isNull();
        assertThat(info.connectUrls()).isEmpty();
        assertThat(info.headers()).isFalse();
        assertThat(info.clientId()).isZero();
        assertThat(info.toJson())
                .isEqualTo("{\"server_id\":\"\",\"server_name\":\"\",\"version\":\"\",\"proto\":0,\"go\":\"\","
                        + "\"host\":\"\",\"port\":0,\"headers\":false,\"max_payload\":1048576}");
    }

    @Test
    void nullCountsAsAbsent() {
        assertThat(Info.parse("{\"max_payload\":null,\"nonce\":null,\"headers\":null,\"connect_urls\":null}"))
                .isEqualTo(Info.parse("{}"));
    }

    @Test
    void serversWithoutALimitSayMinusOne() {
        assertThat(Info.parse(InfoVectors.named("2.15.2-unlimited-first")).payloadLimited())
                .isFalse();
    }

    @Test
    void unknownFieldsAreKeptExactlyAndWrittenBack() {
        String json = "{\"new_flag\":true,\"new_number\":9007199254740993,\"new_big\":18446744073709551616,"
                + "\"new_decimal\":0.1,\"new_null\":null,\"new_object\":{\"a\":[1,{\"b\":\"\"},[]],\"c\":{}},"
                + "\"new \\\"text\":\"\\u003cé\\ud83d\\ude00\\n\"}";
        Info info = Info.parse(json);

        assertThat(info.unknown())
                .containsExactly(
                        entry("new_flag", true),
                        entry("new_number", 9007199254740993L),
                        entry("new_big", new BigDecimal("18446744073709551616")),
                        entry("new_decimal", new BigDecimal("0.1")),
                        entry("new_null", null),
                        entry("new_object", Map.of("a", List.of(1L, Map.of("b", ""), List.of()), "c", Map.of())),
                        entry("new \"text", "<é😀\n"));
        assertThat(info.toJson())
                .endsWith(",\"new_flag\":true,\"new_number\":9007199254740993,\"new_big\":18446744073709551616,"
                        + "\"new_decimal\":0.1,\"new_null\":null,\"new_object\":{\"a\":[1,{\"b\":\"\"},[]],\"c\":{}},"
                        + "\"new \\\"text\":\"<é😀\\n\"}");
        assertThat(Info.parse(info.toJson())).isEqualTo(info);
    }

    @Test
    void textThatHasNoUtf8IsWrittenAsAQuestionMark() {
        Info info = Info.parse("{\"server_id\":\"a\\ud83d\",\"b\\ude00\":1}");

        assertThat(info.serverId()).isEqualTo("a\ud83d");
        assertThat(info.toJson()).startsWith("{\"server_id\":\"a?\",").endsWith("\"b?\":1}");
    }

    @Test
    void collectionsCannotBeChanged() {
        Info info = Info.parse("{\"connect_urls\":[\"a:1\"],\"x\":{\"y\":[1]}}");

        assertThatThrownBy(() -> info.connectUrls().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> info.unknown().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(
                        () -> Objects.requireNonNull((Map<?, ?>) info.unknown().get("x"))
                                .clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "null",
                "[]",
                "[{}]",
                "\"{}\"",
                "1",
                "{}{}",
                "{} {\"a\":1}",
                "{} x",
                "{\"server_id\"",
                "{\"server_id\":",
                "{\"server_id\":\"a",
                "{\"server_id\":\"a\"",
                "{\"server_id\":\"a\\u00",
                "{\"server_id\":\"a\\",
                "{\"port\":",
                "{\"port\":4",
                "{\"port\":tru}",
                "{\"x\":nul}",
                "{\"x\":NaN}",
                "{server_id:\"a\"}",
                "HTTP/1.1 400 Bad Request"
            })
    void whatIsNotAnObjectIsRefusedAndQuoted(String text) {
        assertThatThrownBy(() -> Info.parse(text))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("INFO is not a JSON object: \""
                        + text.replace("\\", "\\\\").replace("\"", "\\\""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"max_payload":"x"}        | INFO field max_payload must be a whole number from -1 to 2147483647, not: "x"
                    {"max_payload":"1024"}     | INFO field max_payload must be a whole number from -1 to 2147483647, not: "1024"
                    {"max_payload":-2}         | INFO field max_payload must be a whole number from -1 to 2147483647, not the number: "-2"
                    {"max_payload":2147483648} | INFO field max_payload must be a whole number from -1 to 2147483647, not the number: "2147483648"
                    {"max_payload":4294967297} | INFO field max_payload must be a whole number from -1 to 2147483647, not the number: "4294967297"
                    {"max_payload":18446744073709551617} | INFO field max_payload must be a whole number from -1 to 2147483647, not the number: "18446744073709551617"
                    {"max_payload":1.5}        | INFO field max_payload must be a whole number from -1 to 2147483647, not the number: "1.5"
                    {"max_payload":1e400}      | INFO field max_payload must be a whole number from -1 to 2147483647, not the number: "10E+399"
                    {"max_payload":true}       | INFO field max_payload must be a whole number from -1 to 2147483647, not: "true"
                    {"max_payload":[1]}        | INFO field max_payload must be a whole number from -1 to 2147483647, not: "[1]"
                    {"client_id":-1}           | INFO field client_id must be a whole number from 0 to 9223372036854775807, not the number: "-1"
                    {"server_id":5}            | INFO field server_id must be a text, not the number: "5"
                    {"nonce":{}}               | INFO field nonce must be a text, not: "{}"
                    {"headers":"yes"}          | INFO field headers must be true or false, not: "yes"
                    {"headers":1}              | INFO field headers must be true or false, not the number: "1"
                    {"connect_urls":"a:1"}     | INFO field connect_urls must be a list of texts, not: "a:1"
                    {"connect_urls":["a",null]}| INFO field connect_urls must be a list of texts, not: "[a, null]"
                    """)
    void wrongTypesAreRefusedAndQuoted(String json, String message) {
        assertThatThrownBy(() -> Info.parse(json))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsQuotedIsCut() {
        assertThatThrownBy(() -> Info.parse("x".repeat(5000)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("INFO is not a JSON object: \"" + "x".repeat(64) + "\"... (5000 bytes)");
        assertThatThrownBy(() -> Info.parse("{\"headers\":\"" + "y".repeat(5000) + "\"}"))
                .hasMessageEndingWith("y\"... (5000 bytes)");
    }

    @Test
    void deepNestingIsRefusedBeforeTheStackEnds() {
        assertThatThrownBy(() -> Info.parse("{\"a\":" + "[".repeat(100_000)))
                .isInstanceOf(ProtocolException.class)
                .hasRootCauseMessage("nested deeper than 32");
        assertThatThrownBy(() -> Info.parse("{\"a\":".repeat(100_000))).isInstanceOf(ProtocolException.class);
        assertThat(Info.parse("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}").unknown())
                .containsOnlyKeys("a");
    }

    @Test
    void absurdLimitsAreRefusedInCodeToo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Info(
                        "", "", "", 0, null, "", "", 0, false, false, false, false, false, -2, false, null, 0, null,
                        null, null, false, null, List.of(), List.of(), false, null, false, null, false, 0, null,
                        Map.of()))
                .withMessageContaining("maxPayload -2");
    }

    @Test
    void aLaterInfoReplacesAllButTheAccountAndTheClient() {
        Info first = Info.parse("{\"server_id\":\"A\",\"client_id\":7,\"client_ip\":\"::1\",\"nonce\":\"n\","
                + "\"connect_urls\":[\"a:1\",\"b:2\"],\"connect_info\":true,\"remote_account\":\"SYS\","
                + "\"acc_is_sys\":true,\"max_payload\":10,\"x\":1}");

        Info both = first.updatedBy(Info.parse(
                "{\"server_id\":\"A\",\"connect_urls\":[\"a:1\"],\"ldm\":true," + "\"max_payload\":20,\"y\":2}"));

        assertThat(both)
                .isEqualTo(Info.parse("{\"server_id\":\"A\",\"client_id\":7,\"client_ip\":\"::1\","
                        + "\"connect_urls\":[\"a:1\"],\"ldm\":true,\"remote_account\":\"SYS\",\"acc_is_sys\":true,"
                        + "\"max_payload\":20,\"y\":2}"));
    }

    @Test
    void aLaterInfoThatNamesTheAccountIsTaken() {
        Info first =
                Info.parse("{\"client_id\":7,\"client_ip\":\"::1\",\"remote_account\":\"SYS\",\"acc_is_sys\":true}");
        Info later = Info.parse("{\"client_id\":8,\"client_ip\":\"::2\",\"remote_account\":\"ACC\"}");

        assertThat(first.updatedBy(later)).isEqualTo(later);
    }

    @Test
    void theLameDuckInfoOfARealServerKeepsTheAccountOfItsAnswerToConnect() {
        Info answer = Info.parse(InfoVectors.named("2.15.2-plain-answer"));

        Info after = answer.updatedBy(Info.parse(InfoVectors.named("2.15.2-plain-ldm")));

        assertThat(after.ldm()).isTrue();
        assertThat(after.remoteAccount()).isEqualTo("$G");
        assertThat(after.clientId()).isEqualTo(5);
    }
}
