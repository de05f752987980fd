// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT, byte for byte. */
class ConnectTest {
    private static final String EVERYTHING = "{\"verbose\":true,\"pedantic\":true,\"tls_required\":true,"
            + "\"auth_token\":\"s3cr3t-token\",\"user\":\"joe\",\"pass\":\"s3cr3t-pass\",\"name\":\"billing\","
            + "\"lang\":\"java\",\"version\":\"9.9\",\"protocol\":1,\"echo\":false,\"sig\":\"s3cr3t-sig\","
            + "\"jwt\":\"s3cr3t-jwt\",\"nkey\":\"UABC\",\"account\":\"ACC\",\"new_account\":true,\"headers\":true,"
            + "\"no_responders\":true,\"proxy_sig\":\"s3cr3t-proxy\"}";

    private static Connect everything() {
        return Connect.builder()
                .verbose(true)
                .pedantic(true)
                .tlsRequired(true)
                .authToken(Secret.of("s3cr3t-token"))
                .user("joe")
                .pass(Secret.of("s3cr3t-pass"))
                .name("billing")
                .lang("java")
                .version("9.9")
                .protocol(1)
                .echo(false)
                .sig(Secret.of("s3cr3t-sig"))
                .jwt(Secret.of("s3cr3t-jwt"))
                .nkey("UABC")
                .account("ACC")
                .newAccount(true)
                .headers(true)
                .noResponders(true)
                .proxySig("s3cr3t-proxy")
                .build();
    }

    @Test
    void whatServersTakeForTrueWhenAbsentIsAlwaysSent() {
        assertThat(Connect.builder().version("0.1.0").build().toJson())
                .isEqualTo(
                        "{\"verbose\":false,\"pedantic\":false,\"tls_required\":false,\"lang\":\"java\","
                                + "\"version\":\"0.1.0\",\"protocol\":1,\"echo\":true,\"headers\":false,\"no_responders\":false}");
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(Connect.builder().build().version()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void everyFieldHasItsNameOnTheWire() {
        assertThat(everything().toJson()).isEqualTo(EVERYTHING);
        assertThat(Connect.parse(EVERYTHING)).isEqualTo(everything());
    }

    @Test
    void onTheWireSecretsComeLast() {
        assertThat(written(Connect.builder()
                        .version("9.9")
                        .user("joe")
                        .pass(Secret.of("s3cr3t"))
                        .authToken(Secret.of(""))
                        .build()))
                .isEqualTo("CONNECT {\"verbose\":false,\"pedantic\":false,\"tls_required\":false,\"user\":\"joe\","
                        + "\"lang\":\"java\",\"version\":\"9.9\",\"protocol\":1,\"echo\":true,\"headers\":false,"
                        + "\"no_responders\":false,\"auth_token\":\"\",\"pass\":\"s3cr3t\"}\r\n");
        assertThat(Connect.parse(json(written(everything())))).isEqualTo(everything());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "\"",
                "\\",
                "a\r\nPUB x 0\"\\\u0000\u001f\u007f",
                "\u0000",
                "p\u00e4ss\u20ac\uD83E\uDD9F",
                "\u2028/</script>"
            })
    void secretsAreEscapedAsTheyMustBe(String text) {
        String line = written(Connect.builder().pass(Secret.of(text)).build());

        assertThat(line.substring(0, line.length() - 2)).doesNotContain("\r", "\n", "\u0000");
        assertThat(Connect.parse(json(line)).pass()).isEqualTo(Secret.of(text));
    }

    @Test
    void noCopyOfASecretIsLeftByABufferThatGrows() {
        CopyingBuffer out = new CopyingBuffer();
        new FrameEncoder().connect(out, everything());
        new FrameEncoder().ping(out);
        assertThat(out.grown())
                .isNotEmpty()
                .allSatisfy(left -> assertThat(left).doesNotContain("s3cr3t-pass", "s3cr3t-jwt"));
        assertThat(out.toString(UTF_8)).contains("s3cr3t-pass", "s3cr3t-jwt");
        out.release();
    }

    @Test
    void secretsAreWiped() {
        Secret pass = Secret.of("s3cr3t");
        Secret copy = pass.copy();
        Connect connect = Connect.builder().pass(pass).build();
        connect.close();

        assertThat(pass.chars()).containsOnly('\0').hasSize(6);
        assertThat(copy).isEqualTo(Secret.of("s3cr3t".toCharArray())).hasSameHashCodeAs(Secret.of("s3cr3t"));
        assertThat(copy).isNotEqualTo(pass).hasToString("***");
    }

    private static String written(Connect connect) {
        ByteBuf out = Unpooled.buffer();
        new FrameEncoder().connect(out, connect);
        try {
            return out.toString(UTF_8);
        } finally {
            out.release();
        }
    }

    private static String json(String line) {
        return line.substring("CONNECT ".length());
    }

    /** Remembers what it held each time it had to grow. */
    private static final class CopyingBuffer extends UnpooledHeapByteBuf {
        private final List<String> grown = new ArrayList<>();

        CopyingBuffer() {
            super(UnpooledByteBufAllocator.DEFAULT, 16, Integer.MAX_VALUE);
        }

        List<String> grown() {
            return grown;
        }

        @Override
        public ByteBuf capacity(int newCapacity) {
            grown.add(toString(UTF_8));
            return super.capacity(newCapacity);
        }
    }

    @Test
    void nothingInItCanEndTheLine() {
        String json =
                Connect.builder().name("a\r\nPUB x 0\"\\\u0000\u001f").build().toJson();

        assertThat(json).doesNotContain("\r", "\n", "\u0000");
        assertThat(Connect.parse(json).name()).isEqualTo("a\r\nPUB x 0\"\\\u0000\u001f");
    }

    @Test
    void absentFlagsMeanWhatTheyMeanToAServer() {
        Connect connect = Connect.parse("{}");

        assertThat(connect.verbose()).isTrue();
        assertThat(connect.pedantic()).isTrue();
        assertThat(connect.echo()).isTrue();
        assertThat(connect.headers()).isFalse();
        assertThat(connect.noResponders()).isFalse();
        assertThat(connect.protocol()).isZero();
    }

    @Test
    void unknownFieldsAreKept() {
        Connect connect = Connect.parse("{\"verbose\":false,\"import\":{\"a\":[1]},\"remote_account\":\"X\"}");

        assertThat(connect.unknown()).containsOnlyKeys("import", "remote_account");
        assertThat(connect.toJson()).endsWith(",\"import\":{\"a\":[1]},\"remote_account\":\"X\"}");
    }

    @Test // R-F9
    void noTextShowsASecret() {
        assertThat(everything().toString())
                .doesNotContain("s3cr3t")
                .contains(
                        "pass=***", "authToken=***", "sig=***", "jwt=***", "proxySig=***", "user=joe", "name=billing");
        assertThat(Connect.builder().build().toString())
                .contains("pass=null", "jwt=null")
                .doesNotContain("***");
        assertThat(Connect.parse("{\"password\":\"s3cr3t\"}").toString())
                .contains("password")
                .doesNotContain("s3cr3t");
    }

    @ParameterizedTest // R-F9
    @ValueSource(
            strings = {
                "s3cr3t",
                "{\"pass\":\"s3cr3t",
                "{\"pass\":\"s3cr3t\" x",
                "{\"pass\":[\"s3cr3t\"]}",
                "{\"verbose\":\"s3cr3t\"}",
                "{\"pass\":\"s3cr3t\",\"protocol\":\"s3cr3t\"}"
            })
    void noExceptionShowsASecret(String text) {
        assertThatThrownBy(() -> Connect.parse(text))
                .isInstanceOf(ProtocolException.class)
                .hasNoCause()
                .hasMessageStartingWith("CONNECT ")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void theMapCannotBeChanged() {
        assertThatThrownBy(() -> Connect.parse("{\"a\":1}").unknown().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(Connect.builder().build().unknown()).isEqualTo(Map.of());
    }
}
