// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.testkit.conformance.Needs.Account;
import io.avaje.json.mapper.JsonMapper;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JWTs of an operator, of its accounts and of their users, whose keys are those of their names.
 *
 * <p>Source: ADR-14; github.com/nats-io/jwt/v2, account_claims.go and user_claims.go.
 */
final class Jwts {
    /** Seconds since 1970: when all of them were issued. */
    private static final long ISSUED = 1_600_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Jwts() {}

    static String operator() {
        Nkey operator = Nkey.operator();
        return signed(operator, operator, 0, claims("operator"));
    }

    /** What of an account does not count any more was issued before, or together with everything else. */
    static String account(Account account) {
        Map<String, Object> claims = claims("account");
        Map<String, Object> limits = new LinkedHashMap<>();
        for (String limit : List.of("subs", "data", "payload", "imports", "exports", "leaf")) {
            limits.put(limit, -1L);
        }
        limits.put("conn", (long) account.connections());
        limits.put("wildcards", true);
        claims.put("limits", limits);
        if (!account.revoked().isEmpty()) {
            Map<String, Object> revocations = new LinkedHashMap<>();
            account.revoked().forEach(user -> revocations.put(Nkey.user(user).publicKey(), ISSUED));
            claims.put("revocations", revocations);
        }
        return signed(Nkey.account(account.name()), Nkey.operator(), account.expires(), claims);
    }

    /**
     * Of a user.
     *
     * @param publishes the only subject that it may publish to, or empty
     * @param expires as for accounts
     */
    static String user(String name, String account, boolean bearer, String publishes, int expires) {
        Map<String, Object> claims = claims("user");
        for (String limit : List.of("subs", "data", "payload")) {
            claims.put(limit, -1L);
        }
        claims.put("pub", publishes.isEmpty() ? Map.of() : Map.of("allow", List.of(publishes)));
        claims.put("sub", Map.of());
        if (bearer) {
            claims.put("bearer_token", true);
        }
        return signed(Nkey.user(name), Nkey.account(account), expires, claims);
    }

    private static Map<String, Object> claims(String type) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("type", type);
        claims.put("version", 2L);
        return claims;
    }

    /** @param expires so many seconds from now, which may be over; 0 for never */
    private static String signed(Nkey subject, Nkey issuer, int expires, Map<String, Object> nats) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("jti", "CONFORMANCE");
        claims.put("iat", ISSUED);
        claims.put("iss", issuer.publicKey());
        claims.put("sub", subject.publicKey());
        claims.put("name", "conformance");
        if (expires != 0) {
            claims.put("exp", Instant.now().getEpochSecond() + expires);
        }
        claims.put("nats", nats);
        String signed = encode("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}") + "." + encode(MAPPER.toJson(claims));
        return signed + "." + issuer.sign(signed);
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
