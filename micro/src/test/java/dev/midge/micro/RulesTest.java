// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ADR-32 does not allow is refused where it is said, with the value and the rule. */
class RulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a.b", "a*", ">", "ä", "a\n", "$SRV", "a/b"})
    void names(String bad) {
        String rule = "must be one or more of A-Z, a-z, 0-9, - and _ (ADR-32)";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Service.builder(bad, "1.0.0"))
                .withMessageStartingWith("service name \"")
                .withMessageEndingWith("\": " + rule);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndpointOptions.builder(bad))
                .withMessageStartingWith("endpoint name \"")
                .withMessageEndingWith("\": " + rule);
    }

    @Test
    void aValueIsShownSoThatItCanBeRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Service.builder("a\nb", "1.0.0"))
                .withMessageStartingWith("service name \"a\\u000ab\": ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Service.builder("x".repeat(64) + " y", "1.0.0"))
                .withMessageStartingWith("service name \"" + "x".repeat(64) + "\"...: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.0",
                "v1.0.0",
                "1.0.0.0",
                "01.0.0",
                "1.0.0-",
                "1.0.0-01",
                "1.0.0+",
                "1.0.0-a..b",
                " 1.0.0",
                "1.0.0\n"
            })
    void versions(String bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Service.builder("demo", bad))
                .withMessageStartingWith("service version \"")
                .withMessageContaining("semver.org");
    }

    @Test
    void aVersionOfAnyLengthIsRefusedWithoutExhaustingTheStack() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Service.builder("demo", "1.0.0-" + "a.".repeat(1_000_000)))
                .withMessageContaining("at most 256 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0",
                "1.0.0",
                "10.20.30",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-0A.is.legal",
                "1.0.0+build.1-a",
                "1.0.0-rc.1+build.123",
                "1.0.0--"
            })
    void goodVersions(String good) {
        assertThat(Service.builder("demo", good)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a..b", ".a", "a.", "a.>.b", "a\tb"})
    void subjects(String bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndpointOptions.builder("a").subject(bad))
                .withMessageStartingWith("subject \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "a.*", "*", ">", "a.>", "A-Z_09"})
    void goodSubjects(String good) {
        assertThat(EndpointOptions.builder("a").subject(good).build()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "a..b", "a.", ">", "a.>"})
    void groups(String bad) {
        assertThatIllegalArgumentException().isThrownBy(() -> GroupOptions.builder(bad));
    }

    @Test
    void aGroupThatWouldBeAllSaysSo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroupOptions.builder("a.>"))
                .withMessage("group name \"a.>\": must be empty or a subject, without > (ADR-32)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\r\n"})
    void queueGroups(String bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Service.builder("demo", "1.0.0").queueGroup(bad))
                .withMessageStartingWith("queue group \"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroupOptions.builder("a").queueGroup(bad));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndpointOptions.builder("a").queueGroup(bad));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a.*", ">"})
    void prefixes(String bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Service.builder("demo", "1.0.0").controlPrefix(bad));
    }

    @Test
    @SuppressWarnings("NullAway") // what is not to be given
    void metadata() {
        Service.Builder service = Service.builder("demo", "1.0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> service.metadata(Map.of("", "x")))
                .withMessage("metadata key \"\": must not be empty");
        Map<String, String> nothing = new HashMap<>();
        nothing.put("key", null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> service.metadata(nothing))
                .withMessage("metadata value of \"key\" null: must be a text (ADR-32)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndpointOptions.builder("a").metadata(Map.of("k", "x".repeat(131_072))))
                .withMessage("metadata of 1 entries has 131073 characters: must have at most 131072");
    }

    @Test
    void limitsAndTimeouts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndpointOptions.builder("a").pendingLimits(0, 1))
                .withMessageContaining("0");
        for (Duration bad : new Duration[] {Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(2)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Service.builder("demo", "1.0.0").drainTimeout(bad))
                    .withMessage("drainTimeout is " + bad + ": must be above 0, and at most a day");
        }
    }
}
