// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Secret;
import dev.midge.testkit.EmbeddedUser;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides who may come in, as nats-server's auth.go does for users and tokens. */
final class Authenticator {
    private final Map<String, EmbeddedUser> users = new HashMap<>();
    private final @Nullable String token;
    private final @Nullable EmbeddedUser noAuthUser;

    /**
     * An answer.
     *
     * @param admitted whether the client may come in
     * @param permissions what it may do then; null for everything
     */
    record Verdict(boolean admitted, @Nullable Permissions permissions) {
        static final Verdict REFUSED = new Verdict(false, null);
        static final Verdict UNRESTRICTED = new Verdict(true, null);
    }

    Authenticator(ServerSettings settings) {
        settings.users().forEach(user -> users.put(user.name(), user));
        token = settings.token();
        noAuthUser = settings.noAuthUser() == null ? null : users.get(settings.noAuthUser());
    }

    /** Who sends something else before CONNECT. */
    Verdict withoutConnect() {
        return noAuthUser == null ? Verdict.REFUSED : as(noAuthUser);
    }

    Verdict authenticate(Connect connect) {
        if (token != null) {
            return same(token, connect.authToken()) ? Verdict.UNRESTRICTED : Verdict.REFUSED;
        }
        if (users.isEmpty()) {
            return Verdict.UNRESTRICTED;
        }
        boolean anonymous = isEmpty(connect.user()) && isEmpty(connect.pass()) && isEmpty(connect.authToken());
        if (anonymous && noAuthUser != null) {
            return as(noAuthUser);
        }
        EmbeddedUser user = users.get(connect.user() == null ? "" : connect.user());
        return user != null && same(user.password(), connect.pass()) ? as(user) : Verdict.REFUSED;
    }

    private static Verdict as(EmbeddedUser user) {
        boolean everything = user.equals(EmbeddedUser.of(user.name(), user.password()));
        return everything ? Verdict.UNRESTRICTED : new Verdict(true, new Permissions(user));
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private static boolean isEmpty(@Nullable Secret secret) {
        return secret == null || secret.length() == 0;
    }

    private static boolean same(String expected, @Nullable Secret given) {
        String text = given == null ? "" : String.valueOf(given.chars());
        return MessageDigest.isEqual(expected.getBytes(UTF_8), text.getBytes(UTF_8));
    }
}
