// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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

    /** The end of the line, and PING. */
    private static final int ROOM_BEHIND = 2 + "PING\r\n".length();

    private ConnectJson() {}

    static Connect read(String json, Connect before) {
        JsonFields fields = JsonFields.parse("CONNECT", json, true);
        fields.foldCase(NAMES);
        return new Connect(
                fields.flag("verbose", before.verbose()),
                fields.flag("pedantic", before.pedantic()),
                fields.flag("tls_required", before.tlsRequired()),
                secret(fields.text("auth_token"), before.authToken()),
                or(fields.text("user"), before.user()),
                secret(fields.text("pass"), before.pass()),
                or(fields.text("name"), before.name()),
                or(fields.text("lang"), before.lang()),
                or(fields.text("version"), before.version()),
                (int) fields.whole("protocol", Integer.MIN_VALUE, Integer.MAX_VALUE, before.protocol()),
                fields.flag("echo", before.echo()),
                secret(fields.text("sig"), before.sig()),
                secret(fields.text("jwt"), before.jwt()),
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

    private static @Nullable Secret secret(@Nullable String text, @Nullable Secret before) {
        return text == null ? before : Secret.of(text);
    }

    private static @Nullable String text(@Nullable Secret secret) {
        return secret == null ? null : String.valueOf(secret.chars());
    }

    static String write(Connect connect) {
        return members(connect, ConnectJson::text).toText(connect.unknown());
    }

    /**
     * Secrets come last, and go from their arrays into the buffer. Before they do it has room for them, and for what is
     * to follow: it does not grow any more then, which would leave a copy of them behind.
     */
    static void write(Connect connect, ByteBuf out) {
        String rest = members(connect, secret -> null).toText(connect.unknown()); // {"verbose":false,...}
        out.writeCharSequence(rest.substring(0, rest.length() - 1), UTF_8);
        Map<String, Secret> secrets = secrets(connect);
        int room = 1 + ROOM_BEHIND;
        for (Map.Entry<String, Secret> secret : secrets.entrySet()) {
            room += secret.getKey().length() + secret.getValue().maxJsonLength();
        }
        out.ensureWritable(room);
        secrets.forEach((name, secret) -> {
            out.writeCharSequence(name, US_ASCII);
            secret.writeJson(out);
        });
        out.writeByte('}');
    }

    private static Map<String, Secret> secrets(Connect connect) {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        put(secrets, "auth_token", connect.authToken());
        put(secrets, "pass", connect.pass());
        put(secrets, "sig", connect.sig());
        put(secrets, "jwt", connect.jwt());
        return secrets;
    }

    /** The flags are always in front of it, so there is a comma. */
    private static void put(Map<String, Secret> secrets, String name, @Nullable Secret secret) {
        if (secret != null) {
            secrets.put(",\"" + name + "\":", secret);
        }
    }

    private static JsonMembers members(Connect connect, Function<@Nullable Secret, @Nullable String> text) {
        return new JsonMembers()
                .always("verbose", connect.verbose())
                .always("pedantic", connect.pedantic())
                .always("tls_required", connect.tlsRequired())
                .present("auth_token", text.apply(connect.authToken()))
                .present("user", connect.user())
                .present("pass", text.apply(connect.pass()))
                .present("name", connect.name())
                .present("lang", connect.lang())
                .present("version", connect.version())
                .always("protocol", connect.protocol())
                .always("echo", connect.echo())
                .present("sig", text.apply(connect.sig()))
                .present("jwt", text.apply(connect.jwt()))
                .present("nkey", connect.nkey())
                .present("account", connect.account())
                .present("new_account", connect.newAccount())
                .always("headers", connect.headers())
                .always("no_responders", connect.noResponders())
                .present("proxy_sig", connect.proxySig());
    }
}
