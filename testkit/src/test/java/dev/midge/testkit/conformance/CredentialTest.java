// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.avaje.json.mapper.JsonMapper;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What conversations show servers to be let in. That servers take it is shown by the conversations. */
class CredentialTest {
    @Test
    void keysAreThoseOfTheName() {
        String joe = rendered("nkey joe");
        assertThat(joe).matches("U[A-Z2-7]{55}").isEqualTo(rendered("nkey joe")).isNotEqualTo(rendered("nkey sue"));
        assertThat(rendered("account A")).matches("A[A-Z2-7]{55}");
    }

    @Test
    void signsWhatWasCaptured() {
        String signature = rendered("sign joe nonce");
        assertThat(Base64.getUrlDecoder().decode(signature)).hasSize(64);
        assertThat(signature).isNotEqualTo(rendered("sign sue nonce"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rendered("sign joe other"))
                .withMessageContaining("other");
    }

    @Test
    void aJwtSaysWhatItShould() {
        long before = Instant.now().getEpochSecond();
        Map<String, Object> claims =
                JsonMapper.builder().build().fromJsonObject(claims("jwt joe of A bearer publishes a.b expires 4"));
        assertThat(claims).containsEntry("sub", rendered("nkey joe")).containsEntry("iss", rendered("account A"));
        assertThat(claims.get("exp"))
                .asInstanceOf(InstanceOfAssertFactories.LONG)
                .isGreaterThanOrEqualTo(before + 4);
        assertThat(String.valueOf(claims.get("nats"))).contains("bearer_token=true", "pub={allow=[a.b]}");
        assertThat(claims("jwt joe of A")).doesNotContain("exp\"", "bearer");
    }

    @Test
    void leavesOtherHolesAlone() {
        assertThat(Credential.parse("joe")).isNull();
        assertThat(Credential.parse("jwt joe")).isNull();
        assertThat(Credential.parse("x=nkey joe")).isNull();
    }

    private static String claims(String hole) {
        Matcher jwt = Pattern.compile("[\\w-]+\\.([\\w-]+)\\.[\\w-]{86}").matcher(rendered(hole));
        assertThat(jwt.matches()).isTrue();
        return new String(Base64.getUrlDecoder().decode(jwt.group(1)), UTF_8);
    }

    private static String rendered(String hole) {
        return Template.parse("${" + hole + "}").render(Map.of("nonce", "abc"));
    }
}
