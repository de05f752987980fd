// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a {@link Connect} together: each method sets the component of its name. Not thread-safe. */
public final class ConnectBuilder {
    private static final String LANG = "java";
    private static final int PROTOCOL = 1;

    private boolean verbose;
    private boolean pedantic;
    private boolean tlsRequired;
    private @Nullable String authToken;
    private @Nullable String user;
    private @Nullable String pass;
    private @Nullable String name;
    private @Nullable String lang = LANG;
    private @Nullable String version = Version.MIDGE;
    private int protocol = PROTOCOL;
    private boolean echo = true;
    private @Nullable String sig;
    private @Nullable String jwt;
    private @Nullable String nkey;
    private @Nullable String account;
    private boolean newAccount;
    private boolean headers;
    private boolean noResponders;
    private @Nullable String proxySig;

    ConnectBuilder() {}

    /** Whether the server answers every frame with +OK; default false. */
    public ConnectBuilder verbose(boolean verbose) {
        this.verbose = verbose;
        return this;
    }

    /** Whether the server checks more than it must; default false. */
    public ConnectBuilder pedantic(boolean pedantic) {
        this.pedantic = pedantic;
        return this;
    }

    /** Whether the client insists on TLS; default false. */
    public ConnectBuilder tlsRequired(boolean tlsRequired) {
        this.tlsRequired = tlsRequired;
        return this;
    }

    /** Token to authenticate with; default none. */
    public ConnectBuilder authToken(@Nullable String authToken) {
        this.authToken = authToken;
        return this;
    }

    /** User to authenticate as; default none. */
    public ConnectBuilder user(@Nullable String user) {
        this.user = user;
        return this;
    }

    /** Password of the user; default none. */
    public ConnectBuilder pass(@Nullable String pass) {
        this.pass = pass;
        return this;
    }

    /** The connection's name; default none. */
    public ConnectBuilder name(@Nullable String name) {
        this.name = name;
        return this;
    }

    /** The client's language; default {@code java}. */
    public ConnectBuilder lang(@Nullable String lang) {
        this.lang = lang;
        return this;
    }

    /** The client's version; default that of this build. */
    public ConnectBuilder version(@Nullable String version) {
        this.version = version;
        return this;
    }

    /** Whether the server may send INFO at any time: 1, the default, or 0. */
    public ConnectBuilder protocol(int protocol) {
        this.protocol = protocol;
        return this;
    }

    /** Whether the connection gets what it publishes itself; default true. */
    public ConnectBuilder echo(boolean echo) {
        this.echo = echo;
        return this;
    }

    /** Signature of INFO's nonce, base64url without padding; default none. */
    public ConnectBuilder sig(@Nullable String sig) {
        this.sig = sig;
        return this;
    }

    /** The user's JWT; default none. */
    public ConnectBuilder jwt(@Nullable String jwt) {
        this.jwt = jwt;
        return this;
    }

    /** The user's public key; default none. */
    public ConnectBuilder nkey(@Nullable String nkey) {
        this.nkey = nkey;
        return this;
    }

    /** The account to use; default none. */
    public ConnectBuilder account(@Nullable String account) {
        this.account = account;
        return this;
    }

    /** Whether the account must be created; default false. */
    public ConnectBuilder newAccount(boolean newAccount) {
        this.newAccount = newAccount;
        return this;
    }

    /** Whether the client understands HMSG; default false. */
    public ConnectBuilder headers(boolean headers) {
        this.headers = headers;
        return this;
    }

    /** Whether the client wants status 503 for requests that nobody listens to; default false. */
    public ConnectBuilder noResponders(boolean noResponders) {
        this.noResponders = noResponders;
        return this;
    }

    /** Signature of the nonce by a proxy; default none. */
    public ConnectBuilder proxySig(@Nullable String proxySig) {
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
