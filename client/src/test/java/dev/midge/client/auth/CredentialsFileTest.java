// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsFileTest {
    private static final String TEXT = Keys.credentials("aaa.bbb.ccc", Keys.USER_SEED);

    private static void assertReads(String text) {
        try (CredentialsFile file = CredentialsFile.parse(text.getBytes(UTF_8))) {
            assertThat(file.jwt()).containsExactly("aaa.bbb.ccc".toCharArray());
            assertThat(file.seed()).containsExactly(Keys.USER_SEED.toCharArray());
            assertThat(file).hasToString("CredentialsFile[***]");
        }
    }

    @Test
    void readsWhatNscWrites() {
        assertReads(TEXT);
    }

    @Test
    void takesOtherLineEndsAndWhiteSpace() {
        assertReads(TEXT.replace("\n", "\r\n"));
        assertReads(TEXT.replace("\n", "\n\n").replace("aaa", "  aaa"));
        assertReads(TEXT.stripTrailing());
    }

    @Test
    void onlyTheDashesCount() {
        assertReads("---x---\naaa.bbb.ccc\n---y---\n---\n" + "-------\n" + Keys.USER_SEED + "\n---z---");
    }

    @Test
    void wipesBoth() {
        CredentialsFile file = CredentialsFile.parse(TEXT.getBytes(UTF_8));
        file.close();
        assertThat(file.jwt()).containsOnly('\0');
        assertThat(file.seed()).containsOnly('\0');
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "aaa.bbb.ccc", "---BEGIN---\n---END---", "---BEGIN---\naaa.bbb.ccc\n"})
    void saysThatThereIsNoJwt(String text) {
        assertThatThrownBy(() -> CredentialsFile.parse(text.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no JWT")
                .hasMessageNotContaining("aaa");
    }

    @Test
    void saysThatThereIsNoSeed() {
        String text = TEXT.substring(0, TEXT.indexOf("-----BEGIN USER"));
        assertThatThrownBy(() -> CredentialsFile.parse(text.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a JWT but no NKEY seed")
                .hasMessageNotContaining("aaa");
    }
}
