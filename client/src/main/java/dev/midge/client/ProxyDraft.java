// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.Proxy;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What the keys {@code proxy.*} say: they make one value together. */
final class ProxyDraft {
    private final UnaryOperator<String> spelling;
    private final Map<String, Object> said = new TreeMap<>();

    ProxyDraft(UnaryOperator<String> spelling) {
        this.spelling = spelling;
    }

    void put(String name, Object value) {
        said.put(name, value);
    }

    /** @throws IllegalArgumentException if the keys do not go together, or one of them is not allowed; shows no secret */
    Proxy build() {
        Object http = said.get("http");
        Object socks5 = said.get("socks5");
        if ((http == null) == (socks5 == null)) {
            throw new IllegalArgumentException(spelling.apply("proxy.http") + " and " + spelling.apply("proxy.socks5")
                    + ": must be one of them where there is another key of proxy");
        }
        Proxy proxy = http != null ? Proxy.http((String) http) : Proxy.socks5(String.valueOf(socks5));
        Object user = said.get("user");
        Object password = said.get("password");
        if ((user == null) != (password == null)) {
            throw new IllegalArgumentException(spelling.apply("proxy.user") + " and " + spelling.apply("proxy.password")
                    + ": must be both or none");
        }
        return user == null || password == null ? proxy : proxy.userPassword((String) user, (char[]) password);
    }
}
