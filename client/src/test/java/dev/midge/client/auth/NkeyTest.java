// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R-F2. The vectors were made with nkeys v0.4.16; the signatures are of {@code nonce-123}. */
class NkeyTest {
    private static final String SEED = Keys.USER_SEED;

    @ParameterizedTest
    @CsvSource({
        "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY, USER,"
                + " UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4",
        "SUAPH72NIUPEFHQYEIK2V3QGULLEW3I2VXE6KAY6JOM36ENOBJ4W5PFBLA, USER,"
                + " UAXA3MTYWDS5L5AHQIUMMDCDJ26PKGCS3IVLWEKK2NGYO5Y326A6MNI5",
        "SUAEJSC72F2L7THUHS27KYONABAOQVTCBE4FYZQB3WZ7YFDSXCA5THDA5M, USER,"
                + " UAV6CTM6KSP73CEBKHYT4ZYEW2ASGGL2XHQYO2ZGW3WUH6LB23FZQOZH",
        "SAAIIKAYHQ7244LG5S6XZQ52E3CV4L2RNHES6L2GSH5OFDIA65HMV4UWGA, ACCOUNT,"
                + " AABJYIWOTN273WTE5LAMNKHHM3IRCXPY67ICG4IQRSEN646IJO4TJ3ZH",
        "SOAEZJA4BVLXI56EWJQVU6YH3DOQVO4PMATPAVQMRPTTKCJON7ITEJSCFE, OPERATOR,"
                + " OBYLLPXF5CJAMZXG4H2SVM2DAUUNQQIFZEMF6VHPJ2HWIVHLTDTNL7AO",
        "SNAGRX2NNMK4KJBCKVHCZJ27FQYFGHAA3WJNJZ6VWLCJJUKQVUCRG4JTR4, SERVER,"
                + " NCGMDJKIPQ3PKWJ2WOVX6UKLBQNBB5EMUER4PMY46QCU6ERGGIRW3GRG",
        "SCAK5VVQ5LQ2O4R4KUXSUFNVN6ISTWPDCFOZBHQFVR4I6T665DHYDXWWDE, CLUSTER,"
                + " CBGURTG42MZSZJHEGV2QLH5DFPU77VEBPJVJFIC3D47ZAIGYXQ45G2IJ"
    })
    void findsThePublicKey(String seed, Nkey.Role role, String publicKey) throws Exception {
        try (Nkey nkey = Nkey.ofSeed(seed.toCharArray())) {
            assertThat(nkey.role()).isEqualTo(role);
            assertThat(nkey.publicKey()).isEqualTo(publicKey);
            assertThat(Nkey.checkPublicKey(publicKey, role)).isEqualTo(publicKey);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SUAPH72NIUPEFHQYEIK2V3QGULLEW3I2VXE6KAY6JOM36ENOBJ4W5PFBLA,"
                + " dvtb9FF4S8QdsSt9Z4rhWI3R0x6jhdFP9ZG4uyGeX3_Vkkvm439ZOslC7gPSgpONiadGDy72AyAOMaAZTnqxDQ",
        "SUAEJSC72F2L7THUHS27KYONABAOQVTCBE4FYZQB3WZ7YFDSXCA5THDA5M,"
                + " 7fhFUkfiRV9K9-bSuWbB3aqDtmUhKzzUq_pzAVPWXY5Q0jQa9rzmzXnjhW2u27D2rDLGrlTLnYrXSPrIkrnmAQ",
        "SAAIIKAYHQ7244LG5S6XZQ52E3CV4L2RNHES6L2GSH5OFDIA65HMV4UWGA,"
                + " O-nSHAD8ZivyaI4elBBpHbcKgwDf5uisBmnkdyrBib8qrdWVVX2ysCPzE2IJnfQwWlZYVLdkL8IB37bd-CVBAg"
    })
    void signs(String seed, String signature) throws Exception {
        try (Nkey nkey = Nkey.ofSeed(seed.toCharArray())) {
            assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(nkey.sign("nonce-123".getBytes(UTF_8))))
                    .isEqualTo(signature);
        }
    }

    @Test
    void whiteSpaceAroundASeedIsNotOfIt() throws Exception {
        try (Nkey nkey = Nkey.ofSeed((" \t" + SEED + "\r\n").toCharArray())) {
            assertThat(nkey.publicKey()).isEqualTo(Keys.USER);
        }
    }

    /** Whatever single character is changed: it is refused, and not shown. */
    @Test
    void noticesEachWrongCharacter() {
        for (int i = 0; i < SEED.length() - 1; i++) { // the last one has bits that mean nothing
            char[] seed = SEED.toCharArray();
            seed[i] = seed[i] == 'A' ? 'B' : 'A';
            assertThatThrownBy(() -> Nkey.ofSeed(seed))
                    .as("character %d", i)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the NKEY seed is malformed: ")
                    .hasMessageNotContaining(SEED.substring(4, 20))
                    .hasMessageNotContaining(String.valueOf(seed, 4, 16));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "S", "SU", "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4", "SU!"})
    void refusesWhatIsNoSeed(String text) {
        assertThatThrownBy(() -> Nkey.ofSeed(text.toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the NKEY seed is malformed: ");
    }

    @Test
    void refusesTooShortAndTooLongOnes() {
        assertThatThrownBy(() -> Nkey.ofSeed(SEED.substring(0, 56).toCharArray()))
                .hasMessageContaining("must be of 36 (58 characters)");
        assertThatThrownBy(() -> Nkey.ofSeed((SEED + "AA").toCharArray())).hasMessageContaining("of 37 bytes");
    }

    @Test
    void refusesWrongPublicKeys() {
        assertThatThrownBy(() -> Nkey.checkPublicKey(Keys.ACCOUNT, Nkey.Role.USER))
                .hasMessage("publicKey is " + Keys.ACCOUNT + ": it does not begin with U");
        assertThatThrownBy(() -> Nkey.checkPublicKey(Keys.USER.substring(1), Nkey.Role.USER))
                .hasMessageContaining("must be of 56");
        String wrong = Keys.USER.substring(0, 10) + "AA" + Keys.USER.substring(12);
        assertThatThrownBy(() -> Nkey.checkPublicKey(wrong, Nkey.Role.USER)).hasMessageContaining("check sum");
        assertThatThrownBy(() -> Nkey.checkPublicKey("u" + Keys.USER.substring(1), Nkey.Role.USER))
                .hasMessageContaining("base32");
    }

    @Test
    void showsNothing() {
        try (Nkey nkey = Nkey.ofSeed(SEED.toCharArray())) {
            assertThat(nkey).hasToString("Nkey[USER]");
        }
    }
}
