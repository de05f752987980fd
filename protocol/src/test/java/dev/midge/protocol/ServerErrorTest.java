// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.ServerError.Kind;
import dev.midge.protocol.ServerError.Known;
import dev.midge.protocol.ServerError.Operation;
import dev.midge.protocol.ServerError.PermissionsViolation;
import dev.midge.protocol.ServerError.Unknown;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every text that servers send with -ERR. */
class ServerErrorTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Invalid Subject                                                     | INVALID_SUBJECT                      | stays
                    Invalid Publish Subject                                             | INVALID_PUBLISH_SUBJECT              | stays
                    maximum subscriptions exceeded                                      | MAXIMUM_SUBSCRIPTIONS_EXCEEDED       | stays
                    Authorization Violation                                             | AUTHORIZATION_VIOLATION              | auth
                    User Authentication Expired                                         | USER_AUTHENTICATION_EXPIRED          | auth
                    User Authentication Revoked                                         | USER_AUTHENTICATION_REVOKED          | auth
                    Account Authentication Expired                                      | ACCOUNT_AUTHENTICATION_EXPIRED       | auth
                    Authentication Timeout                                              | AUTHENTICATION_TIMEOUT               | closes
                    Maximum Payload Violation                                           | MAXIMUM_PAYLOAD_VIOLATION            | closes
                    maximum control line exceeded                                       | MAXIMUM_CONTROL_LINE_EXCEEDED        | closes
                    Unknown Protocol Operation                                          | UNKNOWN_PROTOCOL_OPERATION           | closes
                    Stale Connection                                                    | STALE_CONNECTION                     | closes
                    maximum connections exceeded                                        | MAXIMUM_CONNECTIONS_EXCEEDED         | closes
                    maximum account active connections exceeded                         | MAXIMUM_ACCOUNT_CONNECTIONS_EXCEEDED | closes
                    Connection throttling is active. Please try again later.            | CONNECTION_THROTTLING                | closes
                    Secure Connection - TLS Required                                    | TLS_REQUIRED                         | closes
                    invalid client protocol                                             | INVALID_CLIENT_PROTOCOL              | closes
                    no responders requires headers support                              | NO_RESPONDERS_REQUIRES_HEADERS       | closes
                    Failed Account Registration                                         | FAILED_ACCOUNT_REGISTRATION          | closes
                    attempted to connect to route port                                  | WRONG_PORT                           | closes
                    attempted to connect to leaf node port                              | WRONG_PORT                           | closes
                    Slow Consumer                                                       | SLOW_CONSUMER                        | closes
                    """)
    void textsWithoutParametersHaveAKind(String text, Kind kind, String then) {
        for (String sent : new String[] {
            "'" + text + "'", text, " '" + text + "' ", "'" + text.toLowerCase(Locale.ROOT) + "'", text + " and more"
        }) {
            ServerError error = ServerError.parse(sent);

            assertThat(error)
                    .isInstanceOfSatisfying(
                            Known.class, known -> assertThat(known.kind()).isEqualTo(kind));
            assertThat(error.closesConnection()).isEqualTo(!then.equals("stays"));
            assertThat(error.isAuthError()).isEqualTo(then.equals("auth"));
        }
        assertThat(ServerError.parse("'" + text + "'").text()).isEqualTo(text);
    }

    @ParameterizedTest
    @EnumSource
    void everyKindIsFoundByItsText(Kind kind) {
        assertThat(ServerError.parse("'" + kind.start.toUpperCase(Locale.ROOT) + "'"))
                .isEqualTo(new Known(kind.start.toUpperCase(Locale.ROOT), kind));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
                    Permissions Violation for Subscription to "x"                           | SUBSCRIBE | x     | -   | 0
                    Permissions Violation for Subscription to "a.>" using queue "g"         | SUBSCRIBE | a.>   | g   | 0
                    Permissions Violation for Subscription to "x" (sid "7")                 | SUBSCRIBE | x     | -   | 7
                    Permissions Violation for Subscription to "x" using queue "g" (sid "7") | SUBSCRIBE | x     | g   | 7
                    Permissions Violation for Subscription to "x", too many tokens          | SUBSCRIBE | x     | -   | 0
                    Permissions Violation for Publish to "x.y"                              | PUBLISH   | x.y   | -   | 0
                    Permissions Violation for Publish with Reply of "_INBOX.1"              | REPLY_TO  | _INBOX.1 | - | 0
                    permissions violation for publish to "X"                                | PUBLISH   | X     | -   | 0
                    Permissions Violation for Publish to "a\\"b\\\\c"                       | PUBLISH   | a"b\\c | -  | 0
                    Permissions Violation for Subscription to "x" (sid "abc")               | SUBSCRIBE | x     | -   | 0
                    Permissions Violation for Subscription to "x" (sid "9999999999999999999") | SUBSCRIBE | x   | -   | 0
                    Permissions Violation for Subscription to "'"                           | SUBSCRIBE | '     | -   | 0
                    """)
    void permissionsViolationsSayWhatIsNotAllowed(
            String text, Operation operation, String subject, String queue, long sid) {
        PermissionsViolation expected = new PermissionsViolation(text, operation, subject, queue, sid);

        assertThat(ServerError.parse("'" + text + "'")).isEqualTo(expected);
        assertThat(ServerError.parse(text)).isEqualTo(expected);
        assertThat(expected.closesConnection()).isFalse();
        assertThat(expected.isAuthError()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'",
                "Something New",
                "Permissions Violation",
                "Permissions Violation for Juggling with \"x\"",
                "Permissions Violation for Publish to x",
                "Permissions Violation for Publish to \"x",
                "Permissions Violation for Publish to \"x\\",
                "Permissions Violation for Publish to \"x\\u12"
            })
    void whatIsNotUnderstoodIsKept(String text) {
        assertThat(ServerError.parse("'" + text + "'")).isEqualTo(new Unknown(text));
        assertThat(new Unknown(text).closesConnection()).isFalse();
        assertThat(new Unknown(text).isAuthError()).isFalse();
    }

    @Test
    void whatGoEscapesIsRead() {
        String text = "Permissions Violation for Publish to \"\\x01\\u00e9\\U0001f600é\\a\\b\\v\\f\\n\\r\\t\"";

        assertThat(ServerError.parse(text))
                .isEqualTo(new PermissionsViolation(text, Operation.PUBLISH, "\1é😀é\7\b\13\f\n\r\t", null, 0));
    }

    @Test
    void escapesThatAreNoneDoNoHarm() {
        assertThat(ServerError.parse("Permissions Violation for Publish to \"a\\xzb\\U00110000c\\UFFFFFFFFd\""))
                .isInstanceOf(PermissionsViolation.class);
    }

    @Property
    void noTextIsTooStrange(@ForAll("texts") String text) {
        assertThat(ServerError.parse(text).text())
                .isIn(text.strip(), text.strip().replaceAll("^'|'$", ""));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings(),
                Arbitraries.of(
                                "'",
                                "\"",
                                "\\",
                                "\\x",
                                "\\u00e",
                                "\\U",
                                "Permissions Violation for Publish to ",
                                "0",
                                "f",
                                "Permissions Violation for Subscription to ",
                                " using queue ",
                                " (sid ",
                                "x")
                        .list()
                        .ofMaxSize(10)
                        .map(pieces -> String.join("", pieces)));
    }
}
