// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import io.netty.buffer.ByteBuf;
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
        @Nullable Secret authToken,
        @Nullable String user,
        @Nullable Secret pass,
        @Nullable String name,
        @Nullable String lang,
        @Nullable String version,
        int protocol,
        boolean echo,
        @Nullable Secret sig,
        @Nullable Secret jwt,
        @Nullable String nkey,
        @Nullable String account,
        boolean newAccount,
        boolean headers,
        boolean noResponders,
        @Nullable String proxySig,
        Map<String, @Nullable Object> unknown)
        implements AutoCloseable {

    /** Copies the map. */
    public Connect {
        unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
    }

    /** A builder with what Midge says of itself: not verbose, not pedantic, with echo, protocol 1, in Java. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the text of a CONNECT line, without the verb, as a server would: verbose, pedantic and echo are true when
     * absent.
     *
     * @throws ProtocolException when the text is not a JSON object, or a field has not the type it must have; the
     *     exception shows nothing of the text, as there may be credentials in it
     */
    public static Connect parse(String json) {
        return parse(json, ConnectJson.ABSENT);
    }

    /**
     * Reads the text of a CONNECT line as a server would that has read another one on the same connection: what this
     * one does not say, or says with null, is as it was.
     *
     * @throws ProtocolException as {@link #parse(String)}
     */
    public static Connect parse(String json, Connect before) {
        return ConnectJson.read(json, before);
    }

    /**
     * The JSON object to send, in a String, which cannot be wiped: {@link FrameEncoder#connect(ByteBuf, Connect)} makes
     * none of the secrets. The flags are always in it, as a server takes an absent verbose, pedantic or echo for
     * true; absent texts are left out.
     */
    public String toJson() {
        return ConnectJson.write(this);
    }

    /** Wipes its secrets, which were given to it. */
    @Override
    public void close() {
        for (Secret secret : new @Nullable Secret[] {authToken, pass, sig, jwt}) {
            if (secret != null) {
                secret.close();
            }
        }
    }

    /** For logs: says which credentials there are, and shows none of them. */
    @Override
    public String toString() {
        return "Connect[name=" + name + ", lang=" + lang + ", version=" + version + ", protocol=" + protocol
                + ", verbose=" + verbose + ", pedantic=" + pedantic + ", echo=" + echo + ", tlsRequired=" + tlsRequired
                + ", headers=" + headers + ", noResponders=" + noResponders + ", user=" + user
                + ", pass=" + pass + ", authToken=" + authToken + ", jwt=" + jwt
                + ", sig=" + sig + ", nkey=" + nkey + ", account=" + account + ", newAccount=" + newAccount
                + ", proxySig=" + (proxySig == null ? null : "***") + ", unknown=" + unknown.keySet() + "]";
    }

    /**
     * Puts a {@link Connect} together: each method sets the component of its name. Secrets pass to the one that is
     * built. Not thread-safe.
     */
    public static final class Builder {
        private static final String LANG = "java";
        private static final int PROTOCOL = 1;

        private boolean verbose;
        private boolean pedantic;
        private boolean tlsRequired;
        private @Nullable Secret authToken;
        private @Nullable String user;
        private @Nullable Secret pass;
        private @Nullable String name;
        private @Nullable String lang = LANG;
        private @Nullable String version = Version.MIDGE;
        private int protocol = PROTOCOL;
        private boolean echo = true;
        private @Nullable Secret sig;
        private @Nullable Secret jwt;
        private @Nullable String nkey;
        private @Nullable String account;
        private boolean newAccount;
        private boolean headers;
        private boolean noResponders;
        private @Nullable String proxySig;

        Builder() {}

        /** Whether the server answers every frame with +OK; default false. */
        public Builder verbose(boolean verbose) {
            this.verbose = verbose;
            return this;
        }

        /** Whether the server checks more than it must; default false. */
        public Builder pedantic(boolean pedantic) {
            this.pedantic = pedantic;
            return this;
        }

        /** Whether the client insists on TLS; default false. */
        public Builder tlsRequired(boolean tlsRequired) {
            this.tlsRequired = tlsRequired;
            return this;
        }

        /** Token to authenticate with; default none. */
        public Builder authToken(@Nullable Secret authToken) {
            this.authToken = authToken;
            return this;
        }

        /** User to authenticate as; default none. */
        public Builder user(@Nullable String user) {
            this.user = user;
            return this;
        }

        /** Password of the user; default none. */
        public Builder pass(@Nullable Secret pass) {
            this.pass = pass;
            return this;
        }

        /** The connection's name; default none. */
        public Builder name(@Nullable String name) {
            this.name = name;
            return this;
        }

        /** The client's language; default {@code java}. */
        public Builder lang(@Nullable String lang) {
            this.lang = lang;
            return this;
        }

        /** The client's version; default that of this build. */
        public Builder version(@Nullable String version) {
            this.version = version;
            return this;
        }

        /** Whether the server may send INFO at any time: 1, the default, or 0. */
        public Builder protocol(int protocol) {
            this.protocol = protocol;
            return this;
        }

        /** Whether the connection gets what it publishes itself; default true. */
        public Builder echo(boolean echo) {
            this.echo = echo;
            return this;
        }

        /** Signature of INFO's nonce, base64url without padding; default none. */
        public Builder sig(@Nullable Secret sig) {
            this.sig = sig;
            return this;
        }

        /** The user's JWT; default none. */
        public Builder jwt(@Nullable Secret jwt) {
            this.jwt = jwt;
            return this;
        }

        /** The user's public key; default none. */
        public Builder nkey(@Nullable String nkey) {
            this.nkey = nkey;
            return this;
        }

        /** The account to use; default none. */
        public Builder account(@Nullable String account) {
            this.account = account;
            return this;
        }

        /** Whether the account must be created; default false. */
        public Builder newAccount(boolean newAccount) {
            this.newAccount = newAccount;
            return this;
        }

        /** Whether the client understands HMSG; default false. */
        public Builder headers(boolean headers) {
            this.headers = headers;
            return this;
        }

        /** Whether the client wants status 503 for requests that nobody listens to; default false. */
        public Builder noResponders(boolean noResponders) {
            this.noResponders = noResponders;
            return this;
        }

        /** Signature of the nonce by a proxy; default none. */
        public Builder proxySig(@Nullable String proxySig) {
            this.proxySig = proxySig;
            return this;
        }

        /** The value. */
        public Connect build() {
            return new Connect(
                    verbose,
                    pedantic,
                    tlsRequired,
                    authToken,
                    user,
                    pass,
                    name,
                    lang,
                    version,
                    protocol,
                    echo,
                    sig,
                    jwt,
                    nkey,
                    account,
                    newAccount,
                    headers,
                    noResponders,
                    proxySig,
                    Map.of());
        }
    }
}
