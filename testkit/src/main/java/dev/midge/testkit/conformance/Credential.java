// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation shows a server to be let in, made when it is sent: {@code nkey joe} and {@code account A} are
 * public keys, {@code sign joe nonce} is a signature of what was captured as nonce, {@code jwt joe of A}, followed by
 * any of {@code bearer}, {@code publishes a.b}, {@code expires 3}, is the JWT of a user.
 */
interface Credential {
    /** The text that is sent. */
    String render(Map<String, String> variables);

    Pattern NKEY = Pattern.compile("nkey (\\w+)");
    Pattern ACCOUNT = Pattern.compile("account (\\w+)");
    Pattern SIGN = Pattern.compile("sign (\\w+) (\\w+)");
    Pattern JWT = Pattern.compile("jwt (\\w+) of (\\w+)( bearer)?(?: publishes (\\S+))?(?: expires (-?[0-9]+))?");

    /** What a text says to make, or null when it says something else. */
    static @Nullable Credential parse(String text) {
        Matcher nkey = NKEY.matcher(text);
        if (nkey.matches()) {
            String key = Nkey.user(nkey.group(1)).publicKey();
            return variables -> key;
        }
        Matcher account = ACCOUNT.matcher(text);
        if (account.matches()) {
            String key = Nkey.account(account.group(1)).publicKey();
            return variables -> key;
        }
        Matcher sign = SIGN.matcher(text);
        if (sign.matches()) {
            return variables -> Nkey.user(sign.group(1)).sign(Template.valueOf(sign.group(2), variables));
        }
        Matcher jwt = JWT.matcher(text);
        if (jwt.matches()) {
            return variables -> Jwts.user(
                    jwt.group(1),
                    jwt.group(2),
                    jwt.group(3) != null,
                    jwt.group(4) == null ? "" : jwt.group(4),
                    jwt.group(5) == null ? 0 : Integer.parseInt(jwt.group(5)));
        }
        return null;
    }
}
