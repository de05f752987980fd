// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.midge.protocol.Secret;
import dev.midge.transport.Endpoint.Scheme;
import dev.midge.transport.UserInfo.Token;
import dev.midge.transport.UserInfo.UserPassword;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            localhost,                     NATS, localhost,        4222, nats://localhost:4222
            localhost:4333,                NATS, localhost,        4333, nats://localhost:4333
            nats://demo.nats.io,           NATS, demo.nats.io,     4222, nats://demo.nats.io:4222
            nats://demo.nats.io/,          NATS, demo.nats.io,     4222, nats://demo.nats.io:4222
            NATS://Demo:1,                 NATS, Demo,             1,    nats://Demo:1
            nats_server:65535,             NATS, nats_server,      65535, nats://nats_server:65535
            127.0.0.1,                     NATS, 127.0.0.1,        4222, nats://127.0.0.1:4222
            [::1]:4222,                    NATS, ::1,              4222, nats://[::1]:4222
            nats://[2001:db8::7],          NATS, 2001:db8::7,      4222, nats://[2001:db8::7]:4222
            tls://h,                       TLS,  h,                4222, tls://h:4222
            ws://h,                        WS,   h,                80,   ws://h:80
            wss://h:9222/nats?a=b,         WSS,  h,                9222, wss://h:9222/nats?a=b
            nats://u:p@h:1,                NATS, h,                1,    nats://h:1
            token@[::1],                   NATS, ::1,              4222, nats://[::1]:4222
            """)
    void urls(String url, Scheme scheme, String host, int port, String text) {
        Endpoint endpoint = Endpoint.parse(url);
        assertThat(endpoint.scheme()).isEqualTo(scheme);
        assertThat(endpoint.host()).isEqualTo(host);
        assertThat(endpoint.port()).isEqualTo(port);
        assertThat(endpoint).hasToString(text);
        assertThat(Endpoint.parse(endpoint.toString()).authority()).isEqualTo(endpoint.authority());
    }

    @Test
    void schemeOfDiscoveredServersIsTheCallers() {
        assertThat(Endpoint.parse("10.0.0.7:4222", Scheme.TLS)).hasToString("tls://10.0.0.7:4222");
        assertThat(Endpoint.parse("nats://10.0.0.7", Scheme.TLS).scheme()).isEqualTo(Scheme.NATS);
    }

    @Test
    void userInfoIsDecodedAndNeverShown() {
        Endpoint endpoint = Endpoint.parse("nats://joe%40home:p+w%3A%2F%C3%A4:\uD83D\uDE00@h");
        assertThat(endpoint.userInfo()).isEqualTo(new UserPassword("joe@home", Secret.of("p+w:/\u00e4:\uD83D\uDE00")));
        assertThat(endpoint.toString() + endpoint.userInfo()).doesNotContain("joe", "p+w");

        Endpoint withToken = Endpoint.parse("s3cr%25t@h");
        assertThat(withToken.userInfo()).isEqualTo(new Token(Secret.of("s3cr%t")));
        assertThat(withToken.toString() + withToken.userInfo()).doesNotContain("s3cr");

        assertThat(Objects.requireNonNull(Endpoint.parse("u:@h").userInfo()))
                .isEqualTo(new UserPassword("u", Secret.of("")));
        assertThat(Endpoint.parse("a@b@h").userInfo()).isEqualTo(new Token(Secret.of("a@b")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            http://h                 | "http://h": the scheme must be nats, tls, ws or wss
            ://h                     | "://h": the scheme must be
            ``                       | "": host is "": must be a host name
            nats://                  | host is ""
            nats://:4222             | host is ""
            h:0                      | port is 0: must be 1 to 65535
            h:65536                  | port is 65536: must be 1 to 65535
            h:                       | behind the host there must be nothing, or a colon and a port
            h:x                      | behind the host
            h:+1                     | behind the host
            h:000000000000001        | behind the host
            [::1                     | ] is missing
            [::1]4222                | behind the host
            [::1::2]:1               | host is "::1::2"
            [h]:1                    | only an IPv6 address stands in brackets
            ::1                      | an IPv6 address must stand in brackets
            h:1:2                    | an IPv6 address must stand in brackets
            `a b`                    | host is "a b"
            a,b                      | host is "a,b"
            nats://h/path            | path is "/path": only a ws or wss URL has one
            `ws://h/a b`             | path must have no space
            ws://h#f                 | path is "#f": must start with / or ?
            """)
    void malformedUrlsAreRefusedWithTheRule(String url, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse(url))
                .withMessageStartingWith("server URL \"")
                .withMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo://hush:hush@h",
                "nats://hush:hush@",
                "nats://hush:hush@h:x",
                "nats://hush/hush@h",
                "ws://hush/hush@h",
                "nats://hush:hu/sh@h",
                "nats://hush:hu%zz@h",
                "nats://hush%4@h",
                "nats://hush%ff@h",
                "hush:hush://@h",
                ":hush@h",
                "nats://hush?hush@h",
                "hush#hush@[::1]:4222",
                "nats://hush@hush@h h",
            })
    void noExceptionShowsWhatMayBeASecret(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse(url))
                .satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("hush").doesNotContain("hu"))
                .satisfies(e -> assertThat(e.getCause()).isNull());
    }
}
