// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.auth.Auth;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the keys {@code auth.*} say: one way to be somebody, of which there may be two keys. */
final class AuthDraft {
    /** The keys that may be there together. */
    private static final List<List<String>> WAYS = List.of(
            List.of("auth.user", "auth.password"),
            List.of("auth.token"),
            List.of("auth.nkey"),
            List.of("auth.nkey-file"),
            List.of("auth.jwt", "auth.nkey"),
            List.of("auth.jwt"),
            List.of("auth.credentials"),
            List.of("auth.credentials-text"));

    private final UnaryOperator<String> spelling;
    private final Map<String, Object> values = new TreeMap<>();

    AuthDraft(UnaryOperator<String> spelling) {
        this.spelling = spelling;
    }

    /** Said by the key {@code auth.} and this name. */
    void put(String name, Object value) {
        values.put("auth." + name, value);
    }

    /** @throws IllegalArgumentException if the keys do not go together, or a value is malformed; shows no value */
    Auth build() {
        List<String> given = List.copyOf(values.keySet());
        if (WAYS.stream().noneMatch(way -> way.size() == given.size() && given.containsAll(way))) {
            List<String> spelled = given.stream().map(spelling).toList();
            throw new IllegalArgumentException("of " + spelled + " one is missing or one is too many: must be one of "
                    + WAYS.stream()
                            .map(way -> way.stream().map(spelling).toList())
                            .toList());
        }
        try {
            return auth();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(spelling.apply(given.get(0)) + ": " + e.getMessage(), e);
        }
    }

    private Auth auth() {
        char[] password = secret("auth.password");
        char[] token = secret("auth.token");
        char[] nkey = secret("auth.nkey");
        char[] jwt = secret("auth.jwt");
        char[] credentials = secret("auth.credentials-text");
        if (password != null) {
            return Auth.userPassword((String) values.getOrDefault("auth.user", ""), password);
        }
        if (token != null) {
            return Auth.token(token);
        }
        if (jwt != null) {
            return nkey != null ? Auth.jwt(jwt, nkey) : Auth.bearerJwt(jwt::clone);
        }
        if (nkey != null) {
            return Auth.nkey(nkey);
        }
        if (credentials != null) {
            return Auth.credentials(String.valueOf(credentials).getBytes(StandardCharsets.UTF_8));
        }
        return values.get("auth.nkey-file") instanceof Path file
                ? Auth.nkey(file)
                : Auth.credentials((Path) values.getOrDefault("auth.credentials", Path.of("")));
    }

    private char @Nullable [] secret(String key) {
        return (char[]) values.get(key);
    }
}
