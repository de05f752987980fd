// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;

/** Keys and JWTs for tests: of an operator, an account of that, and a user of that account. */
final class Keys {
    static final String USER_SEED = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
    static final String USER = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
    static final String OTHER_USER_SEED = "SUAEJSC72F2L7THUHS27KYONABAOQVTCBE4FYZQB3WZ7YFDSXCA5THDA5M";
    static final String OTHER_USER = "UAV6CTM6KSP73CEBKHYT4ZYEW2ASGGL2XHQYO2ZGW3WUH6LB23FZQOZH";
    static final String ACCOUNT_SEED = "SAAIIKAYHQ7244LG5S6XZQ52E3CV4L2RNHES6L2GSH5OFDIA65HMV4UWGA";
    static final String ACCOUNT = "AABJYIWOTN273WTE5LAMNKHHM3IRCXPY67ICG4IQRSEN646IJO4TJ3ZH";
    static final String OPERATOR_SEED = "SOAEZJA4BVLXI56EWJQVU6YH3DOQVO4PMATPAVQMRPTTKCJON7ITEJSCFE";
    static final String OPERATOR = "OBYLLPXF5CJAMZXG4H2SVM2DAUUNQQIFZEMF6VHPJ2HWIVHLTDTNL7AO";

    /** Seconds since 1970: long over. */
    static final long EXPIRED = 1_700_000_000;

    private Keys() {}

    /** Has a server trust the operator and know the account. */
    static String serverConfig() throws GeneralSecurityException {
        String operator = jwt(OPERATOR, OPERATOR_SEED, OPERATOR, 0, "\"type\":\"operator\"");
        String account = jwt(
                ACCOUNT,
                OPERATOR_SEED,
                OPERATOR,
                0,
                "\"type\":\"account\",\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,"
                        + "\"wildcards\":true,\"conn\":-1,\"leaf\":-1}");
        return "authorization { timeout: 60 }\noperator: " + operator + "\nresolver: MEMORY\nresolver_preload: { "
                + ACCOUNT + ": " + account + " }\n";
    }

    /** @param expires seconds since 1970, 0 for never */
    static String userJwt(String publicKey, long expires) throws GeneralSecurityException {
        return jwt(
                publicKey, ACCOUNT_SEED, ACCOUNT, expires, "\"type\":\"user\",\"subs\":-1,\"data\":-1,\"payload\":-1");
    }

    static String bearerJwt(String publicKey) throws GeneralSecurityException {
        return jwt(
                publicKey,
                ACCOUNT_SEED,
                ACCOUNT,
                0,
                "\"type\":\"user\",\"bearer_token\":true,\"subs\":-1,\"data\":-1,\"payload\":-1");
    }

    static String credentials(String jwt, String seed) {
        return "-----BEGIN NATS USER JWT-----\n" + jwt + "\n------END NATS USER JWT------\n\n"
                + "************************* IMPORTANT *************************\n"
                + "NKEY Seed printed below can be used to sign and prove identity.\n"
                + "NKEYs are sensitive and should be treated as secrets.\n\n"
                + "-----BEGIN USER NKEY SEED-----\n" + seed + "\n------END USER NKEY SEED------\n\n"
                + "*************************************************************\n";
    }

    private static String jwt(String subject, String issuerSeed, String issuer, long expires, String nats)
            throws GeneralSecurityException {
        String header = encode("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}".getBytes(UTF_8));
        String claims = "{\"jti\":\"MIDGE\",\"iat\":1600000000,\"iss\":\"" + issuer + "\",\"name\":\"test\",\"sub\":\""
                + subject + "\"," + (expires == 0 ? "" : "\"exp\":" + expires + ",") + "\"nats\":{" + nats
                + ",\"version\":2}}";
        String signed = header + "." + encode(claims.getBytes(UTF_8));
        try (Nkey nkey = Nkey.ofSeed(issuerSeed.toCharArray())) {
            return signed + "." + encode(nkey.sign(signed.getBytes(UTF_8)));
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
