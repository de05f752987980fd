// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
    private final Map<String, String> variables = new HashMap<>();

    @Test
    void sendsWhatIsWritten() {
        assertThat(Template.parse("PUB foo 2\r\nhi\r\n").render(variables)).isEqualTo("PUB foo 2\r\nhi\r\n");
    }

    @Test
    void writesRepetitionsOut() {
        assertThat(Template.parse("a${repeat 3 xy}b").render(variables)).isEqualTo("axyxyxyb");
    }

    @Test
    void putsInWhatWasCaptured() {
        assertThat(Template.parse("MSG ${subject=*} 1\r\n").matches("MSG a.b 1\r\n", variables))
                .isTrue();
        assertThat(Template.parse("PUB ${subject} 0\r\n").render(variables)).isEqualTo("PUB a.b 0\r\n");
        assertThat(Template.parse("MSG ${subject} 2").matches("MSG a.b 2", variables))
                .isTrue();
        assertThat(Template.parse("MSG ${subject} 2").matches("MSG a.c 2", variables))
                .isFalse();
    }

    @Test
    void capturesWhatTheExpressionSays() {
        Template template = Template.parse("SUB a ${sid=[0-9]+}");
        assertThat(template.matches("SUB a x", variables)).isFalse();
        assertThat(variables).isEmpty();
        assertThat(template.matches("SUB a 42", variables)).isTrue();
        assertThat(variables).containsEntry("sid", "42");
    }

    @Test
    void takesAnythingWithinALine() {
        assertThat(Template.parse("-ERR ${*}\r\n").matches("-ERR 'x'\r\n", variables))
                .isTrue();
        assertThat(Template.parse("-ERR ${*}\r\n").matches("-ERR 'x'\r\nPONG\r\n", variables))
                .isFalse();
    }

    @Test
    void matchesNothingButAllOfIt() {
        assertThat(Template.parse("PONG\r\n").matches("PONG\r\n ", variables)).isFalse();
        assertThat(Template.parse("a.b").matches("axb", variables)).isFalse();
    }

    @Test
    void refusesWhatIsNoHole() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Template.parse("${What}"))
                .withMessageContaining("${What}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Template.parse("${unheard}").render(variables))
                .withMessageContaining("unheard");
    }

    @Test
    void undoesEscapes() {
        assertThat(Text.unescape("a\\r\\n\\t\\\\\\x00\\xff")).isEqualTo("a\r\n\t\\\0\u00ff");
        assertThat(Text.quote("a\r\n\t\\\0\u00ff")).isEqualTo("\"a\\r\\n\\t\\\\\\x00\\xff\"");
        assertThat(Text.quote("x".repeat(1000))).endsWith("... (1000 bytes)").hasSizeLessThan(200);
        assertThatIllegalArgumentException().isThrownBy(() -> Text.unescape("\\q"));
        assertThatIllegalArgumentException().isThrownBy(() -> Text.unescape("\\x1"));
    }
}
