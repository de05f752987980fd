// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.events.model.User;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    private static <T> void both(Codec<T> codec, T message, String text) throws Exception {
        assertThat(codec.encode(message)).asString(UTF_8).isEqualTo(text);
        assertThat(codec.decode(text.getBytes(UTF_8))).isEqualTo(message);
    }

    private static void undecodable(Codec<?> codec, String text) {
        assertThatThrownBy(() -> CodecException.decode(codec, text.getBytes(UTF_8), "a message of event E"))
                .isInstanceOf(CodecException.class)
                .hasMessageStartingWith(
                        "cannot decode a message of event E, " + text.getBytes(UTF_8).length + " bytes: ");
    }

    @Test
    void bytesAndText() throws Exception {
        byte[] bytes = {0, -1, 5};
        assertThat(Codec.bytes().encode(bytes)).isSameAs(bytes);
        assertThat(Codec.bytes().decode(bytes)).isSameAs(bytes);
        both(Codec.text(), "näh \"x\"", "näh \"x\"");
        assertThatThrownBy(() -> Codec.text().decode(bytes)).isInstanceOf(IOException.class);
    }

    @Test
    void datesAsPythonWritesThem() throws Exception {
        both(Codec.date(), LocalDate.of(2026, 11, 21), "2026-11-21");
        LocalDateTime time = LocalDateTime.of(2026, 11, 21, 20, 30);
        both(Codec.dateTime(), time, "2026-11-21T20:30:00");
        both(Codec.dateTime(), time.withNano(1000), "2026-11-21T20:30:00.000001");
        both(Codec.dateTime(), time.withNano(1), "2026-11-21T20:30:00.000000001");
        both(Codec.offsetDateTime(), time.atOffset(ZoneOffset.UTC), "2026-11-21T20:30:00+00:00");
        both(
                Codec.offsetDateTime(),
                OffsetDateTime.of(time.withNano(500_000_000), ZoneOffset.ofHoursMinutes(5, 30)),
                "2026-11-21T20:30:00.500000+05:30");
        assertThatThrownBy(() -> Codec.date().decode("tomorrow".getBytes(UTF_8)))
                .isInstanceOf(DateTimeException.class);
    }

    @Test
    void primitivesAsJson() throws Exception {
        both(Codec.json(Boolean.class), true, "true");
        both(Codec.json(String.class), "a \"b\" ü", "\"a \\\"b\\\" ü\"");
        both(Codec.json(String.class), "", "\"\"");
        both(Codec.json(Double.class), 1.5, "1.5");
        both(Codec.json(Integer.class), -42, "-42");
        both(Codec.json(Long.class), Long.MAX_VALUE, "9223372036854775807");
        both(
                Codec.json(BigInteger.class),
                BigInteger.TWO.pow(70),
                BigInteger.TWO.pow(70).toString());
        assertThat(Codec.json(Integer.class).decode("1e3".getBytes(UTF_8))).isEqualTo(1000);
        assertThat(Codec.json(String.class).decode("\"\\u00fc\"".getBytes(UTF_8)))
                .isEqualTo("ü");
    }

    @Test
    void recordsWithTheirNulls() throws Exception {
        both(
                Codec.json(User.class),
                User.JOE,
                "{\"name\":\"Joe\",\"age\":42,\"mail\":null,\"roles\":[\"admin\",\"ops\"]}");
        String more = "{ \"age\": 42, \"new\": {\"a\": [1]}, \"roles\": [\"admin\", \"ops\"], \"name\": \"Joe\" }";
        assertThat(Codec.json(User.class).decode(more.getBytes(UTF_8))).isEqualTo(User.JOE);
    }

    @Test
    void listsAndObjects() throws Exception {
        both(Codec.jsonList(Integer.class), List.of(1, 2), "[1,2]");
        both(Codec.jsonList(User.class), List.of(), "[]");
        both(Codec.jsonMap(Boolean.class), Map.of("a", true), "{\"a\":true}");
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("lists", List.of(List.of(1L, 2L), List.of(3L), Map.of("d", List.of()), List.of(List.of(), List.of())));
        all.put("text", "][ \"][\" \\");
        both(
                Codec.jsonMap(Object.class),
                all,
                "{\"lists\":[[1,2],[3],{\"d\":[]},[[],[]]],\"text\":\"][ \\\"][\\\" \\\\\"}");
    }

    @Test
    void whatIsNoMessage() {
        undecodable(Codec.json(Integer.class), "2147483648");
        undecodable(Codec.json(Long.class), "9223372036854775808");
        undecodable(Codec.json(Long.class), "1e999999999");
        undecodable(Codec.json(Integer.class), "1.5");
        undecodable(Codec.json(Boolean.class), "null");
        undecodable(Codec.json(Boolean.class), "tru");
        undecodable(Codec.json(Boolean.class), "true x");
        undecodable(Codec.json(Boolean.class), "");
        undecodable(Codec.json(String.class), "\"cut");
        undecodable(Codec.json(String.class), "\"cut\\");
        undecodable(Codec.json(User.class), "[1]");
        undecodable(Codec.json(User.class), "{\"name\":\"Joe\",\"age\":");
        undecodable(Codec.jsonList(Object.class), "[".repeat(1_000_000));
    }

    /** R-E9: what newer programs say in addition is left out, wherever it stands and whatever it is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "-1.5e300",
                "null",
                "true",
                "\"\\u0000\\\"\"",
                "[]",
                "{}",
                "[[[]],[{\"name\":1}]]",
                "{\"age\":[\"x\"]}"
            })
    void unknownMembersAreLeftOut(String extra) throws Exception {
        List<String> members = List.of("\"name\":\"Joe\"", "\"age\":42", "\"roles\":[\"admin\",\"ops\"]");
        for (int at = 0; at <= members.size(); at++) {
            List<String> all = new ArrayList<>(members);
            all.add(at, "\"new\":" + extra);
            String json = "{" + String.join(",", all) + "}";
            assertThat(Codec.json(User.class).decode(json.getBytes(UTF_8)))
                    .as(json)
                    .isEqualTo(User.JOE);
        }
    }

    /** R-E9: a message or a CodecException, and nothing else. */
    @ParameterizedTest
    @MethodSource("jsonCodecs")
    void whateverComes(Codec<?> codec) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String json = "{\"name\":\"J\\u00f6\",\"age\":-4.2e1,\"mail\":null,\"roles\":[\"a\",[true,{\"b\":\"\\\\\"}]]}";
        byte[] valid = json.getBytes(UTF_8);
        for (int i = 0; i < 3000; i++) {
            int from = random.nextInt(valid.length);
            byte[] payload = Arrays.copyOfRange(
                    valid, random.nextBoolean() ? 0 : from, from + random.nextInt(valid.length - from + 1));
            for (int changes = random.nextInt(4); changes > 0 && payload.length > 0; changes--) {
                payload[random.nextInt(payload.length)] =
                        random.nextBoolean() ? valid[random.nextInt(valid.length)] : (byte) random.nextInt(256);
            }
            try {
                assertThat((Object) CodecException.decode(codec, payload, "it")).isNotNull();
            } catch (CodecException e) {
                assertThat(e).hasMessageStartingWith("cannot decode it, " + payload.length + " bytes: ");
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ": " + new String(payload, UTF_8), e);
            }
        }
    }

    static Stream<Codec<?>> jsonCodecs() {
        return Stream.of(
                Codec.json(User.class),
                Codec.jsonMap(Object.class),
                Codec.jsonList(Object.class),
                Codec.json(String.class),
                Codec.json(Integer.class),
                Codec.json(Double.class),
                Codec.json(BigInteger.class),
                Codec.json(Boolean.class));
    }

    @Test
    void noAdapter() {
        assertThatThrownBy(() -> Codec.json(Thread.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("type is java.lang.Thread: must have a JSON adapter, which @Json");
    }

    @Test
    void gzipUnpacksNoMoreThanItMay() throws Exception {
        Codec<String> codec = Codec.gzip(Codec.text(), 1000);
        byte[] most = codec.encode("x".repeat(1000));
        assertThat(most).hasSizeLessThan(100);
        assertThat(codec.decode(most)).isEqualTo("x".repeat(1000));
        byte[] more = codec.encode("x".repeat(1001));
        assertThatThrownBy(() -> codec.decode(more))
                .isInstanceOf(IOException.class)
                .hasMessage("unpacks to more than 1000 bytes, which is the limit");
        undecodable(codec, "not gzip");
        assertThatThrownBy(() -> Codec.gzip(Codec.text(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxBytes is 0: must be from 1 to 1073741824");
    }

    @Test
    void hmacRefusesWhatWasAltered() throws Exception {
        byte[] key = "key".getBytes(UTF_8);
        Codec<String> codec = Codec.hmac(Codec.text(), key, "HmacSHA256");
        byte[] payload = codec.encode("The quick brown fox jumps over the lazy dog");
        assertThat(payload)
                .startsWith(
                        HexFormat.of().parseHex("f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"));
        assertThat(codec.decode(payload)).isEqualTo("The quick brown fox jumps over the lazy dog");
        assertThat(Codec.hmac(Codec.text(), key).encode("x")).hasSize(64 + 1);
        for (int i = 0; i < payload.length; i++) {
            byte[] altered = payload.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> codec.decode(altered)).isInstanceOf(GeneralSecurityException.class);
        }
        undecodable(codec, "short");
        undecodable(Codec.hmac(Codec.text(), "other".getBytes(UTF_8), "HmacSHA256"), new String(payload, UTF_8));
        assertThatThrownBy(() -> Codec.hmac(Codec.text(), key, "none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("algorithm is \"none\": ");
        assertThatThrownBy(() -> Codec.hmac(Codec.text(), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key is \"0 bytes\": must not be empty");
    }
}
