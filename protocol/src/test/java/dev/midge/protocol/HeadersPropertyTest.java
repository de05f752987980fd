// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever comes as a header block, the answer is headers or ProtocolException (R-C8). */
class HeadersPropertyTest {
    @Property
    void whatIsSentIsReceived(@ForAll("headers") List<List<String>> lines) {
        Headers.Builder builder = Headers.builder();
        lines.forEach(line -> builder.add(line.get(0), line.get(1)));
        Headers sent = builder.build();
        Headers received = Headers.parse(sent.encoded().clone(), Math.max(1, lines.size()));

        List<List<String>> there = new ArrayList<>();
        received.forEach((name, value) -> there.add(List.of(name, value)));

        assertThat(there).isEqualTo(lines);
        assertThat(received).isEqualTo(sent);
        assertThat(received.status()).isNull();
        assertThat(received.encoded()).isEqualTo(sent.encoded());
        assertThat(received.toBuilder().build().encoded()).isEqualTo(sent.encoded());
        for (List<String> line : lines) {
            assertThat(received.all(line.get(0))).contains(line.get(1)).contains(received.get(line.get(0)));
        }
    }

    @Property
    void aBlockCutAnywhereIsRefused(@ForAll("headers") List<List<String>> lines, @ForAll @IntRange(max = 5000) int at) {
        Headers.Builder builder = Headers.builder();
        lines.forEach(line -> builder.add(line.get(0), line.get(1)));
        String block = new String(builder.build().encoded(), ISO_8859_1);

        assertThat(outcome(block.substring(0, at % block.length()).getBytes(ISO_8859_1), 100))
                .isEqualTo("ProtocolException");
    }

    @Property(tries = 5000)
    void anyBytesGiveHeadersOrAProtocolException(@ForAll("blocks") byte[] block, @ForAll @IntRange(max = 8) int count) {
        assertThat(outcome(block, count)).isIn("Headers", "ProtocolException");
    }

    @Property
    void trulyAnyBytes(@ForAll @Size(max = 64) byte[] block) {
        assertThat(outcome(block, 8)).isIn("Headers", "ProtocolException");
    }

    private static String outcome(byte[] block, int count) {
        Headers headers = Headers.parse(block, count);
        assertThat(headers.toString()).startsWith("Headers[");
        String status;
        try {
            status = String.valueOf(headers.status());
        } catch (ProtocolException e) {
            status = "ProtocolException";
        }
        try {
            assertThat(headers.size()).isLessThanOrEqualTo(count);
            assertThat(status).isNotEqualTo("ProtocolException");
            headers.forEach((name, value) -> {
                assertThat(name).isNotEmpty().doesNotContain(":", "\r", "\n");
                assertThat(value).doesNotContain("\r", "\n");
                assertThat(headers.all(name)).contains(value);
                assertThat(headers.allIgnoringCase(name)).contains(value);
            });
            Headers forwarded = Headers.parse(headers.encoded(), count);
            assertThat(forwarded.size()).isEqualTo(headers.size());
            assertThat(forwarded.status()).isNull();
            return "Headers";
        } catch (ProtocolException e) {
            assertThat(String.valueOf(e.getMessage()).length()).isLessThan(400);
            return "ProtocolException";
        }
    }

    @Provide
    Arbitrary<List<List<String>>> headers() {
        Arbitrary<String> names = Arbitraries.strings()
                .withCharRange('!', '~')
                .excludeChars(':')
                .ofMinLength(1)
                .ofMaxLength(12);
        Arbitrary<String> values = Arbitraries.strings()
                .ofMaxLength(24)
                .filter(text -> text.indexOf('\r') < 0
                        && text.indexOf('\n') < 0
                        && !text.startsWith(" ")
                        && !text.startsWith("\t")
                        && UTF_8.newEncoder().canEncode(text));
        return Combinators.combine(names, values).as(List::of).list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<byte[]> blocks() {
        return Arbitraries.of(
                        "NATS/1.0",
                        "NATS/1.0 503",
                        " 503",
                        " ",
                        "\t",
                        "\r\n",
                        "\r",
                        "\n",
                        ":",
                        "a",
                        "B: ",
                        "x:y",
                        "\u00e9",
                        "\u00c3\u00a9",
                        "\u0000",
                        "1",
                        "100 Idle Heartbeat",
                        "\r\n\r\n")
                .list()
                .ofMaxSize(16)
                .map(pieces -> ("NATS/1.0" + String.join("", pieces)).getBytes(ISO_8859_1));
    }
}
