// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

/** The names that the fields of {@link Connect} have on the wire. */
final class ConnectJson {
    private ConnectJson() {}

    static Connect read(String json) {
        JsonFields fields = JsonFields.parse("CONNECT", json, true);
        return new Connect(
                fields.flag("verbose", true),
                fields.flag("pedantic", true),
                fields.flag("tls_required", false),
                fields.text("auth_token"),
                fields.text("user"),
                fields.text("pass"),
                fields.text("name"),
                fields.text("lang"),
                fields.text("version"),
                fields.whole("protocol"),
                fields.flag("echo", true),
                fields.text("sig"),
                fields.text("jwt"),
                fields.text("nkey"),
                fields.text("account"),
                fields.flag("new_account", false),
                fields.flag("headers", false),
                fields.flag("no_responders", false),
                fields.text("proxy_sig"),
                fields.remaining());
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
