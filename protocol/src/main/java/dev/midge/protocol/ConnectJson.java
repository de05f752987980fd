// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that the fields of {@link Connect} have on the wire. */
final class ConnectJson {
    /** What a server takes for said when nothing is: defaultOpts in nats-server's client.go. */
    static final Connect ABSENT = new Connect(
            true, true, false, null, null, null, null, null, null, 0, true, null, null, null, null, false, false, false,
            null, Map.of());

    private static final Set<String> NAMES = Set.of(
            "verbose",
            "pedantic",
            "tls_required",
            "auth_token",
            "user",
            "pass",
            "name",
            "lang",
            "version",
            "protocol",
            "echo",
            "sig",
            "jwt",
            "nkey",
            "account",
            "new_account",
            "headers",
            "no_responders",
            "proxy_sig");

    private ConnectJson() {}

    static Connect read(String json, Connect before) {
        JsonFields fields = JsonFields.parse("CONNECT", json, true);
        fields.foldCase(NAMES);
        return new Connect(
                fields.flag("verbose", before.verbose()),
                fields.flag("pedantic", before.pedantic()),
                fields.flag("tls_required", before.tlsRequired()),
                or(fields.text("auth_token"), before.authToken()),
                or(fields.text("user"), before.user()),
                or(fields.text("pass"), before.pass()),
                or(fields.text("name"), before.name()),
                or(fields.text("lang"), before.lang()),
                or(fields.text("version"), before.version()),
                (int) fields.whole("protocol", Integer.MIN_VALUE, Integer.MAX_VALUE, before.protocol()),
                fields.flag("echo", before.echo()),
                or(fields.text("sig"), before.sig()),
                or(fields.text("jwt"), before.jwt()),
                or(fields.text("nkey"), before.nkey()),
                or(fields.text("account"), before.account()),
                fields.flag("new_account", before.newAccount()),
                fields.flag("headers", before.headers()),
                fields.flag("no_responders", before.noResponders()),
                or(fields.text("proxy_sig"), before.proxySig()),
                fields.remaining());
    }

    private static @Nullable String or(@Nullable String text, @Nullable String before) {
        return text == null ? before : text;
    }

    static String write(Connect connect) {
        return new JsonMembers()
                .always("verbose", connect.verbose())
                .always("pedantic", connect.pedantic())
                .always("tls_required", connect.tlsRequired())
                .present("auth_token", connect.authToken())
                .present("user", connect.user())
                .present("pass", connect.pass())
                .present("name", connect.name())
                .present("lang", connect.lang())
                .present("version", connect.version())
                .always("protocol", connect.protocol())
                .always("echo", connect.echo())
                .present("sig", connect.sig())
                .present("jwt", connect.jwt())
                .present("nkey", connect.nkey())
                .present("account", connect.account())
                .present("new_account", connect.newAccount())
                .always("headers", connect.headers())
                .always("no_responders", connect.noResponders())
                .present("proxy_sig", connect.proxySig())
                .toText(connect.unknown());
    }
}
