// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client says about itself and who it is: the JSON of a CONNECT line, with the names of the wire.
 *
 * <p>Source: {@code struct ClientOpts} in nats-server's client.go, without the fields that only routes and leaf nodes
 * use; in a parsed CONNECT these are among the {@code unknown}.
 *
 * @param verbose whether the server answers every frame with +OK
 * @param pedantic whether the server checks more than it must
 * @param tlsRequired whether the client insists on TLS
 * @param authToken token to authenticate with
 * @param user user to authenticate as
 * @param pass password of that user
 * @param name the connection's name, shown in the server's monitoring
 * @param lang the client's language
 * @param version the client's version
 * @param protocol 1 so that the server may send INFO at any time, 0 for once
 * @param echo whether the connection gets what it publishes itself
 * @param sig signature of INFO's nonce, base64url without padding
 * @param jwt the user's JWT
 * @param nkey the user's public key, where there is no JWT
 * @param account the account to use, on servers that let clients choose
 * @param newAccount whether that account must be created
 * @param headers whether the client understands HMSG; only if INFO's headers is true
 * @param noResponders whether requests that nobody listens to are answered with status 503; needs headers
 * @param proxySig signature of the nonce by a proxy in between (ADR-55)
 * @param unknown every other field of a parsed CONNECT, in the order sent, written back by {@link #toJson()}
 */
public record Connect(
        boolean verbose,
        boolean pedantic,
        boolean tlsRequired,
        @Nullable String authToken,
        @Nullable String user,
        @Nullable String pass,
        @Nullable String name,
        @Nullable String lang,
        @Nullable String version,
        int protocol,
        boolean echo,
        @Nullable String sig,
        @Nullable String jwt,
        @Nullable String nkey,
        @Nullable String account,
        boolean newAccount,
        boolean headers,
        boolean noResponders,
        @Nullable String proxySig,
        Map<String, @Nullable Object> unknown) {

    /** Copies the map. */
    public Connect {
        unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
    }

    /** A builder with what Midge says of itself: not verbose, not pedantic, with echo, protocol 1, in Java. */
    public static ConnectBuilder builder() {
        return new ConnectBuilder();
    }

    /**
     * Reads the text of a CONNECT line, without the verb, as a server would: verbose, pedantic and echo are true when
     * absent.
     *
     * @throws ProtocolException when the text is not a JSON object, or a field has not the type it must have; the
     *     exception shows nothing of the text, as there may be credentials in it
     */
    public static Connect parse(String json) {
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

    /**
     * The JSON object to send. The flags are always in it, as a server takes an absent verbose, pedantic or echo for
     * true; absent texts are left out.
     */
    public String toJson() {
        return new JsonMembers()
                .always("verbose", verbose)
                .always("pedantic", pedantic)
                .always("tls_required", tlsRequired)
                .present("auth_token", authToken)
                .present("user", user)
                .present("pass", pass)
                .present("name", name)
                .present("lang", lang)
                .present("version", version)
                .always("protocol", protocol)
                .always("echo", echo)
                .present("sig", sig)
                .present("jwt", jwt)
                .present("nkey", nkey)
                .present("account", account)
                .present("new_account", newAccount)
                .always("headers", headers)
                .always("no_responders", noResponders)
                .present("proxy_sig", proxySig)
                .toText(unknown);
    }

    /** For logs: says which credentials there are, and shows none of them. */
    @Override
    public String toString() {
        return "Connect[name=" + name + ", lang=" + lang + ", version=" + version + ", protocol=" + protocol
                + ", verbose=" + verbose + ", pedantic=" + pedantic + ", echo=" + echo + ", tlsRequired=" + tlsRequired
                + ", headers=" + headers + ", noResponders=" + noResponders + ", user=" + user
                + ", pass=" + hidden(pass) + ", authToken=" + hidden(authToken) + ", jwt=" + hidden(jwt)
                + ", sig=" + hidden(sig) + ", nkey=" + nkey + ", account=" + account + ", newAccount=" + newAccount
                + ", proxySig=" + hidden(proxySig) + ", unknown=" + unknown.keySet() + "]";
    }

    private static @Nullable String hidden(@Nullable String secret) {
        return secret == null ? null : "***";
    }
}
