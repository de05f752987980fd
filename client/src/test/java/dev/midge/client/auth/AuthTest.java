// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.protocol.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written into CONNECT, and what is refused. */
class AuthTest {
    private static final Info WITHOUT_NONCE = Info.parse("{}");
    private static final Info WITH_NONCE = Info.parse("{\"nonce\":\"nonce-123\"}");
    private static final String SEED = "SUAPH72NIUPEFHQYEIK2V3QGULLEW3I2VXE6KAY6JOM36ENOBJ4W5PFBLA";
    private static final String PUBLIC_KEY = "UAXA3MTYWDS5L5AHQIUMMDCDJ26PKGCS3IVLWEKK2NGYO5Y326A6MNI5";
    private static final String SIGNATURE =
            "dvtb9FF4S8QdsSt9Z4rhWI3R0x6jhdFP9ZG4uyGeX3_Vkkvm439ZOslC7gPSgpONiadGDy72AyAOMaAZTnqxDQ";

    private static Connect apply(Auth auth, Info info) throws Exception {
        Connect.Builder builder = Connect.builder();
        auth.apply(info, builder);
        return builder.build();
    }

    @Test
    void userAndPassword() throws Exception {
        char[] password = "pässword".toCharArray();
        Auth auth = Auth.userPassword("joe", password);
        Secrets.wipe(password); // a copy was taken
        for (int attempt = 0; attempt < 2; attempt++) {
            Connect connect = apply(auth, WITH_NONCE);
            assertThat(connect.user()).isEqualTo("joe");
            assertThat(connect.pass()).isEqualTo(Secret.of("pässword"));
            assertThat(connect.sig()).isNull();
        }
    }

    @Test
    void suppliersAreAskedAtEachAttemptAndTheirArraysWiped() throws Exception {
        List<char[]> given = new ArrayList<>();
        Auth auth = Auth.token(() -> {
            given.add(("token" + given.size()).toCharArray());
            return given.get(given.size() - 1);
        });
        assertThat(apply(auth, WITHOUT_NONCE).authToken()).isEqualTo(Secret.of("token0"));
        assertThat(apply(auth, WITHOUT_NONCE).authToken()).isEqualTo(Secret.of("token1"));
        assertThat(given).hasSize(2).allSatisfy(array -> assertThat(array).containsOnly('\0'));

        char[] seed = SEED.toCharArray();
        apply(Auth.nkey(() -> seed), WITH_NONCE);
        assertThat(seed).containsOnly('\0');

        byte[] content = Keys.credentials("a.b.c", SEED).getBytes(UTF_8);
        apply(Auth.credentials(() -> content), WITH_NONCE);
        assertThat(content).containsOnly(0);
    }

    @Test
    void nkeyBySeedAndBySigner() throws Exception {
        Auth bySeed = Auth.nkey(SEED.toCharArray());
        Auth bySigner = Auth.nkey(PUBLIC_KEY, nonce -> Nkeys.sign(SEED.toCharArray(), nonce));
        for (Auth auth : List.of(bySeed, bySeed, bySigner)) {
            Connect connect = apply(auth, WITH_NONCE);
            assertThat(connect.nkey()).isEqualTo(PUBLIC_KEY);
            assertThat(connect.sig()).isEqualTo(Secret.of(SIGNATURE));
            assertThat(connect.jwt()).isNull();
            assertThatThrownBy(() -> apply(auth, WITHOUT_NONCE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no nonce");
        }
    }

    @Test
    void jwtAndCredentials(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("user.creds"), Keys.credentials("a.b.c", SEED));
        for (Auth auth : List.of(
                Auth.jwt("a.b.c".toCharArray(), SEED.toCharArray()),
                Auth.jwt("a.b.c"::toCharArray, nonce -> Nkeys.sign(SEED.toCharArray(), nonce)),
                Auth.credentials(file),
                Auth.credentials(Files.readAllBytes(file)))) {
            for (int attempt = 0; attempt < 2; attempt++) {
                Connect connect = apply(auth, WITH_NONCE);
                assertThat(connect.jwt()).isEqualTo(Secret.of("a.b.c"));
                assertThat(connect.sig()).isEqualTo(Secret.of(SIGNATURE));
                assertThat(connect.nkey()).isNull();
            }
            assertThat(apply(auth, WITHOUT_NONCE).sig()).as("nothing to sign").isNull();
        }
        Connect bearer = apply(Auth.bearerJwt("a.b.c"::toCharArray), WITH_NONCE);
        assertThat(bearer.jwt()).isEqualTo(Secret.of("a.b.c"));
        assertThat(bearer.sig()).isNull();
    }

    /** R-A14. */
    @Test
    void aFileIsReadAtEachAttempt(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("user.creds"), Keys.credentials("a.b.c", SEED));
        Auth auth = Auth.credentials(file);
        assertThat(apply(auth, WITH_NONCE).jwt()).isEqualTo(Secret.of("a.b.c"));
        Files.writeString(file, Keys.credentials("d.e.f", SEED));
        assertThat(apply(auth, WITH_NONCE).jwt()).isEqualTo(Secret.of("d.e.f"));
        Files.delete(file);
        assertThatThrownBy(() -> apply(auth, WITH_NONCE))
                .hasMessage("cannot read credentials file " + file + ": there is no such file");
    }

    /** R-A14. As nkeys has it: the seed alone, or decorated, or behind other text. */
    @Test
    void aSeedFileIsReadAtEachAttempt(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("user.nk"), SEED);
        Auth auth = Auth.nkey(file);
        assertThat(apply(auth, WITH_NONCE).nkey()).isEqualTo(PUBLIC_KEY);
        assertThat(apply(auth, WITH_NONCE).sig()).isEqualTo(Secret.of(SIGNATURE));
        Files.writeString(file, Keys.credentials("a.b.c", Keys.USER_SEED));
        assertThat(apply(auth, WITH_NONCE).nkey()).isEqualTo(Keys.USER);
        Files.writeString(file, "# mine\r\n  " + SEED + " \r\n");
        assertThat(apply(auth, WITH_NONCE).nkey()).isEqualTo(PUBLIC_KEY);
        assertThat(auth).hasToString("Auth[NKEY file " + file + "]");
        Files.writeString(file, "nothing");
        assertThatThrownBy(() -> apply(auth, WITH_NONCE))
                .hasMessage("NKEY file " + file + ": there is no seed in it: a line that begins with SU");
        Files.writeString(file, "SU" + "A".repeat(56));
        assertThatThrownBy(() -> apply(auth, WITH_NONCE))
                .hasMessageStartingWith("NKEY file " + file + ": the NKEY seed is malformed: ")
                .hasMessageNotContaining("AAAA");
        Files.writeString(file, Keys.ACCOUNT_SEED);
        assertThatThrownBy(() -> apply(auth, WITH_NONCE)).hasMessageContaining("must be of a USER");
        Files.delete(file);
        assertThatThrownBy(() -> apply(auth, WITH_NONCE))
                .hasMessage("cannot read NKEY file " + file + ": there is no such file");
    }

    @Test
    void theHomeFolderIsFound() {
        assertThat(Auth.credentials(Path.of("~", "x", "user.creds")))
                .hasToString(
                        "Auth[credentials file " + Path.of(System.getProperty("user.home"), "x", "user.creds") + "]");
    }

    @Test
    void badArgumentsAreRefusedAtTheCall() {
        assertThatThrownBy(() -> Auth.userPassword("", new char[1])).hasMessage("user is empty: must not be");
        assertThatThrownBy(() -> Auth.token(new char[0])).hasMessage("token is empty: must not be");
        assertThatThrownBy(() -> Auth.nkey(new char[0])).hasMessage("seed is empty: must not be");
        assertThatThrownBy(() -> Auth.nkey(Keys.ACCOUNT_SEED.toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the NKEY seed is one of role ACCOUNT: must be of a USER");
        assertThatThrownBy(() -> Auth.nkey(Keys.ACCOUNT, nonce -> nonce)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Auth.jwt(new char[0], SEED.toCharArray())).hasMessage("jwt is empty: must not be");
        assertThatThrownBy(() -> Auth.jwt("a.b.c".toCharArray(), "SU".toCharArray()))
                .hasMessageContaining("the NKEY seed is malformed");
        assertThatThrownBy(() -> Auth.credentials("nothing".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("credentials: there is no JWT");
        assertThatThrownBy(() -> Auth.credentials(
                        Keys.credentials("a.b.c", Keys.ACCOUNT_SEED).getBytes(UTF_8)))
                .hasMessageContaining("must be of a USER");
    }

    @Test
    void badFilesAreNamed(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.creds"), "");
        assertThatThrownBy(() -> apply(Auth.credentials(empty), WITH_NONCE))
                .hasMessageStartingWith("credentials file " + empty + ": there is no JWT");
        String broken = "SU" + "A".repeat(56);
        Path bad = Files.writeString(folder.resolve("bad.creds"), Keys.credentials("a.b.c", broken));
        assertThatThrownBy(() -> apply(Auth.credentials(bad), WITH_NONCE))
                .hasMessageStartingWith("credentials file " + bad + ": the NKEY seed is malformed: ")
                .hasMessageNotContaining("AAAA");
        Path huge = Files.write(folder.resolve("huge.creds"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> apply(Auth.credentials(huge), WITH_NONCE))
                .hasMessageContaining("more than 1048576 bytes");
    }

    @Test
    void aSupplierThatReturnsNothingIsNamed() {
        assertThatThrownBy(() -> apply(Auth.token(Nothing::chars), WITHOUT_NONCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the supplier of the token returned null");
    }

    @Test
    void showsNoSecret() throws Exception {
        for (Auth auth : List.of(
                Auth.userPassword("joe", "s3cr3t".toCharArray()),
                Auth.token("s3cr3t".toCharArray()),
                Auth.nkey(SEED.toCharArray()),
                Auth.jwt("s3cr3t".toCharArray(), SEED.toCharArray()),
                Auth.credentials(Keys.credentials("s3cr3t", SEED).getBytes(UTF_8)))) {
            assertThat(auth.toString()).doesNotContain("s3cr3t", SEED.substring(2, 10));
            assertThat(apply(auth, WITH_NONCE).toString()).doesNotContain("s3cr3t", SEED.substring(2, 10));
        }
    }

    /** What a careless supplier does, out of sight of the checks for nulls. */
    private static final class Nothing {
        @SuppressWarnings("NullAway") // that is the point
        static char[] chars() {
            return null;
        }
    }
}
