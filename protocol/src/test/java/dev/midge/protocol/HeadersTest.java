// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Header blocks, byte for byte (R-C8, ADR-4). */
class HeadersTest {
    private static Headers received(String block) {
        return Headers.parse(block.getBytes(ISO_8859_1), 100);
    }

    private static String sent(Headers headers) {
        return new String(headers.encoded(), UTF_8);
    }

    private static List<String> lines(Headers headers) {
        List<String> lines = new ArrayList<>();
        headers.forEach((name, value) -> lines.add(name + "=" + value));
        return lines;
    }

    @Test
    void aHeaderIsALineWithItsNameInTheCaseGiven() {
        assertThat(sent(Headers.of("Nats-Msg-Id", "7"))).isEqualTo("NATS/1.0\r\nNats-Msg-Id: 7\r\n\r\n");
        assertThat(sent(Headers.EMPTY)).isEqualTo("NATS/1.0\r\n\r\n");
    }

    @Test
    void orderAndRepetitionAreKept() {
        Headers headers = Headers.builder()
                .add("b", "1")
                .add("a", "2")
                .add("B", "3")
                .add("b", "4")
                .add("b", "1")
                .build();

        assertThat(sent(headers)).isEqualTo("NATS/1.0\r\nb: 1\r\na: 2\r\nB: 3\r\nb: 4\r\nb: 1\r\n\r\n");
        assertThat(lines(Headers.parse(headers.encoded(), 5))).containsExactly("b=1", "a=2", "B=3", "b=4", "b=1");
        assertThat(headers.all("b")).containsExactly("1", "4", "1");
        assertThat(headers.allIgnoringCase("b")).containsExactly("1", "3", "4", "1");
        assertThat(headers.names()).containsExactly("b", "a", "B");
        assertThat(headers.size()).isEqualTo(5);
    }

    @Test
    void namesAreLookedUpByCaseUnlessAskedOtherwise() {
        Headers headers = received("NATS/1.0\r\nNats-Msg-Id: 7\r\n\r\n");

        assertThat(headers.get("Nats-Msg-Id")).isEqualTo("7");
        assertThat(headers.get("nats-msg-id")).isNull();
        assertThat(headers.contains("Nats-Msg-Id")).isTrue();
        assertThat(headers.contains("nats-msg-id")).isFalse();
        assertThat(headers.all("nats-msg-id")).isEmpty();
        assertThat(headers.getIgnoringCase("nats-msg-id")).isEqualTo("7");
        assertThat(headers.containsIgnoringCase("NATS-MSG-ID")).isTrue();
        assertThat(headers.containsIgnoringCase("other")).isFalse();
        assertThat(headers.allIgnoringCase("NATS-MSG-ID")).containsExactly("7");
    }

    @Test
    void setReplacesAndRemoveTakesOutAllOfAName() {
        Headers headers = Headers.builder()
                .add("a", "1")
                .add("b", "2")
                .add("a", "3")
                .add("A", "4")
                .set("a", "5")
                .remove("b")
                .remove("c")
                .build();

        assertThat(lines(headers)).containsExactly("A=4", "a=5");
        assertThatThrownBy(() -> headers.toBuilder().set("a", "\n")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatWasBuiltDoesNotChangeWithItsBuilder() {
        Headers.Builder builder = Headers.builder().add("a", "1");
        Headers headers = builder.build();
        builder.add("b", "2");

        assertThat(lines(headers)).containsExactly("a=1");
        assertThat(lines(builder.build())).containsExactly("a=1", "b=2");
        assertThat(lines(headers.toBuilder().add("c", "3").build())).containsExactly("a=1", "c=3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a:1          | a=1
                    a: 1         | a=1
                    a:    1      | a=1
                    a:\\t1       | a=1
                    a:           | a=
                    a: b: c::    | a=b: c::
                    `a: x  `     | `a=x  `
                    `a b : 1`    | `a b =1`
                    a: \\0\\1\\x7f | a=\\0\\1\\x7f
                    a: "x", 'y'  | a="x", 'y'
                    """)
    void linesAreReadWithTolerance(String line, String expected) {
        String bytes = unescape(line);
        assertThat(lines(received("NATS/1.0\r\n" + bytes + "\r\n\r\n"))).containsExactly(unescape(expected));
    }

    private static String unescape(String text) {
        return text.replace("\\t", "\t")
                .replace("\\0", "\0")
                .replace("\\1", "\1")
                .replace("\\x7f", "\u007f");
    }

    @Test
    void theLengthOfTheBlockIsThatOfTheWireWhateverItHolds() {
        assertThat(received("NATS/1.0 503\r\n\r\n").blockLength()).isEqualTo(16);
        assertThat(received("NATS/1.0\r\nno colon\r\n\r\n").blockLength()).isEqualTo(22);
        Headers built = Headers.of("a", "é");
        assertThat(built.blockLength()).isEqualTo(built.encodedLength());
    }

    @Test
    void linesWithoutANameAreSkipped() {
        assertThat(lines(received("NATS/1.0\r\n: 1\r\na: 2\r\n:\r\n\r\n"))).containsExactly("a=2");
        assertThat(received("NATS/1.0\r\n:\r\n\r\n").isEmpty()).isTrue();
    }

    @Test
    void valuesAreUtf8AndWhatIsNotIsReadByteForByte() {
        Headers headers = Headers.of("a", "é€😀\ufffd");
        assertThat(headers.encoded()).isEqualTo("NATS/1.0\r\na: é€😀\ufffd\r\n\r\n".getBytes(UTF_8));
        assertThat(Headers.parse(headers.encoded(), 1).get("a")).isEqualTo("é€😀\ufffd");

        assertThat(received("NATS/1.0\r\na: \u00e9\u00ff\u0080\r\n\r\n").get("a"))
                .isEqualTo("\u00e9\u00ff\u0080");
    }

    @Test
    void everyByteButCrAndLfMayBeInAValue() {
        StringBuilder all = new StringBuilder("x");
        for (char c = 0; c < 256; c++) {
            if (c != '\r' && c != '\n') {
                all.append(c);
            }
        }

        assertThat(received("NATS/1.0\r\na:" + all + "\r\n\r\n").get("a")).isEqualTo(all.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", quoteCharacter = '`', textBlock = """
                    `NATS/1.0`                        | null
                    `NATS/1.0 `                       | null
                    `NATS/1.0 503`                    | 503
                    `NATS/1.0 503 `                   | 503
                    `NATS/1.0   503`                  | 503
                    `NATS/1.0 100 Idle Heartbeat`     | 100 Idle Heartbeat
                    `NATS/1.0 404   No Messages  `    | 404 No Messages
                    `NATS/1.0 000 x`                  | 0 x
                    """)
    void theStatusIsReadFromTheFirstLine(String line, String expected) {
        Headers headers = received(line + "\r\na: 1\r\n\r\n");

        assertThat(String.valueOf(headers.status())).isEqualTo(String.valueOf(expected));
        assertThat(lines(headers)).containsExactly("a=1");
    }

    @Test
    void theAnswerOfARealServerToARequestThatNobodyListensTo() {
        Headers headers = received("NATS/1.0 503\r\nNats-Subject: nobody.home\r\n\r\n");

        assertThat(headers.status()).isEqualTo(new Status(Status.NO_RESPONDERS, ""));
        assertThat(headers.get("Nats-Subject")).isEqualTo("nobody.home");
    }

    @Test
    void theStatusNeedsNoMoreThanTheFirstLine() {
        assertThat(received("NATS/1.0 503\r\nthis is garbage").status()).isEqualTo(new Status(503, ""));
        assertThat(received("NATS/1.0\r\nthis is garbage").status()).isNull();
    }

    @Test
    void whatWasReceivedGoesOnAsItCame() {
        byte[] block = "NATS/1.0\r\na:1\r\n:\r\nb b:  2\r\n\r\n".getBytes(ISO_8859_1);

        assertThat(Headers.parse(block, 3).encoded()).isSameAs(block);
    }

    @Test
    void aStatusDoesNotGoOn() {
        assertThat(sent(received("NATS/1.0 503 x\r\na:1\r\nb é:2\r\n\r\n")))
                .isEqualTo("NATS/1.0\r\na: 1\r\nb é: 2\r\n\r\n");
        assertThat(sent(received("NATS/1.0 503 x\r\na:1\r\n\r\n").toBuilder().build()))
                .isEqualTo("NATS/1.0\r\na: 1\r\n\r\n");
    }

    @Test
    void garbageDoesNotGoOn() {
        assertThatThrownBy(() -> received("NATS/1.0\r\nx\r\n\r\n").encoded()).isInstanceOf(ProtocolException.class);
    }

    @Test
    void headersAreEncodedOnce() {
        Headers headers = Headers.of("a", "1");

        assertThat(headers.encoded()).isSameAs(headers.encoded());
        assertThat(headers.encodedLength()).isEqualTo(18);
        ByteBuf out = Unpooled.buffer();
        headers.writeTo(out);
        assertThat(out.toString(UTF_8)).isEqualTo("NATS/1.0\r\na: 1\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "N",
                "NATS/1.0",
                "NATS/1.0\r",
                "NATS/1.0\r\n",
                "NATS/1.1\r\n\r\n",
                "nats/1.0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "NATS/1.0503\r\n\r\n",
                "NATS/1.0 5\r\n\r\n",
                "NATS/1.0 50x\r\n\r\n",
                "NATS/1.0 -50\r\n\r\n",
                "NATS/1.0 5033\r\n\r\n",
                "NATS/1.0\n\n",
                "NATS/1.0\r\n\r",
                "NATS/1.0\r\na: 1",
                "NATS/1.0\r\na: 1\r\n",
                "NATS/1.0\r\na: 1\r\n\r",
                "NATS/1.0\r\na: 1\n\r\n",
                "NATS/1.0\r\na: 1\r2\r\n\r\n",
                "NATS/1.0\r\na: 1\n\nb: 2\r\n\r\n",
                "NATS/1.0\r\na\r\n\r\n",
                "NATS/1.0\r\n\r\na: 1\r\n\r\n",
                "NATS/1.0\r\n\r\n\r\n",
                "NATS/1.0\r\n\r\nx"
            })
    void garbageIsRefusedAtFirstUseAndQuoted(String block) {
        Headers headers = received(block);

        assertThatThrownBy(headers::size)
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("header ")
                .hasMessageContaining(": \"");
        assertThatThrownBy(() -> headers.get("a")).isInstanceOf(ProtocolException.class);
        assertThat(headers.toString()).startsWith("Headers[header ");
    }

    @Test
    void garbageIsQuotedEscaped() {
        assertThatThrownBy(() -> received("NATS/1.0\r\nab\"\1\r\n\r\n").names())
                .hasMessage("header line without a colon: \"ab\\\"\\x01\"");
        assertThatThrownBy(() -> received("GET / HTTP/1.1\r\n").status())
                .hasMessage("header block that does not start with NATS/1.0: \"GET / HTTP/1.1\\r\\n\"");
    }

    @Test
    void moreLinesThanTheLimitAreRefused() {
        String block = "NATS/1.0\r\n" + "a: 1\r\n".repeat(4) + "\r\n";

        assertThat(Headers.parse(block.getBytes(UTF_8), 4).size()).isEqualTo(4);
        Headers over = Headers.parse(block.getBytes(UTF_8), 3);
        assertThat(over.status()).isNull();
        assertThatThrownBy(over::size)
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("header block of 4 lines, over the limit of 3: \"NATS/1.0\\r\\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``       | header name "": nothing; a name must be printable ASCII (33 to 126) without a colon
                    `a b`    | header name "a b": blank at index 1; a name must be printable ASCII (33 to 126) without a colon
                    `a:b`    | header name "a:b": ':' at index 1; a name must be printable ASCII (33 to 126) without a colon
                    `\\r\\n` | header name "\\u000d\\u000a": CR at index 0; a name must be printable ASCII (33 to 126) without a colon
                    `é`      | header name "é": U+00E9 at index 0; a name must be printable ASCII (33 to 126) without a colon
                    `\\x7f`  | header name "\\u007f": U+007F at index 0; a name must be printable ASCII (33 to 126) without a colon
                    """)
    void badNamesAreRefusedByNameValueAndRule(String name, String message) {
        String raw = name.replace("\\r", "\r").replace("\\n", "\n").replace("\\x7f", "\u007f");
        assertThatThrownBy(() -> Headers.builder().add(raw, "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "\r\nPUB x 0", "a\ud83d", "\ude00", "\ud83da"})
    void badValuesAreRefusedByNameValueAndRule(String value) {
        assertThatThrownBy(() -> Headers.of("trace", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("value of header trace \"")
                .hasMessageContaining(" at index ")
                .hasMessageEndingWith("; a value must not contain CR or LF, and must have UTF-8");
    }

    @Test
    @SuppressWarnings("NullAway") // what callers do that no checker stops
    void nullIsRefusedByNameAndRule() {
        assertThatThrownBy(() -> Headers.of(null, "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("header name null: nothing;");
        assertThatThrownBy(() -> Headers.of("a", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("value of header a null: nothing;");
    }

    @Test
    void blanksBeforeAValueAreTakenOffAsTheReceiverWould() {
        Headers headers = Headers.of("a", " \t x ");

        assertThat(headers.get("a")).isEqualTo("x ");
        assertThat(Headers.parse(headers.encoded(), 1)).isEqualTo(headers);
    }

    @Test
    void equalityIsOfHeadersInOrderAndStatus() {
        Headers headers = Headers.builder().add("a", "1").add("b", "2").build();

        assertThat(headers)
                .isEqualTo(received("NATS/1.0\r\na:1\r\nb:2\r\n\r\n"))
                .hasSameHashCodeAs(received("NATS/1.0\r\na:1\r\nb:2\r\n\r\n"))
                .isNotEqualTo(received("NATS/1.0\r\nb:2\r\na:1\r\n\r\n"))
                .isNotEqualTo(received("NATS/1.0 503\r\na:1\r\nb:2\r\n\r\n"))
                .isNotEqualTo("x");
        assertThat(Headers.EMPTY.isEmpty()).isTrue();
    }

    @Test
    void theTextShowsAllThatIsThere() {
        assertThat(received("NATS/1.0 503 Not here\r\na:1\r\nb:2\r\n\r\n"))
                .hasToString("Headers[503 Not here; a: 1, b: 2]");
        assertThat(received("NATS/1.0 503\r\n\r\n")).hasToString("Headers[503]");
        assertThat(Headers.EMPTY).hasToString("Headers[]");
    }

    @Test
    void resultsCannotBeChanged() {
        Headers headers = Headers.of("a", "1");

        assertThatThrownBy(() -> headers.names().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> headers.all("a").clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> headers.allIgnoringCase("a").clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
