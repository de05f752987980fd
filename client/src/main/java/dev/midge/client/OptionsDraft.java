// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.WebSocket;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The builders that the keys of {@link OptionKeys} talk to. That of a group is made when the first key of the group
 * comes, and what it builds is put into the options when all keys have been read.
 */
final class OptionsDraft {
    private final OptionsBuilder options;
    private final UnaryOperator<String> spelling;
    private @Nullable AuthDraft auth;
    private @Nullable TlsDraft tls;
    private WebSocket.@Nullable Builder webSocket;
    private @Nullable ProxyDraft proxy;
    private Reconnect.@Nullable Builder reconnect;

    /**
     * @param options to be changed
     * @param spelling how the user writes the name of a key, for exceptions
     */
    OptionsDraft(OptionsBuilder options, UnaryOperator<String> spelling) {
        this.options = options;
        this.spelling = spelling;
    }

    OptionsBuilder options() {
        return options;
    }

    AuthDraft auth() {
        AuthDraft group = auth == null ? new AuthDraft(spelling) : auth;
        auth = group;
        return group;
    }

    TlsDraft tls() {
        TlsDraft group = tls == null ? new TlsDraft(spelling) : tls;
        tls = group;
        return group;
    }

    WebSocket.Builder webSocket() {
        WebSocket.Builder group = webSocket == null ? WebSocket.builder() : webSocket;
        webSocket = group;
        return group;
    }

    ProxyDraft proxy() {
        ProxyDraft group = proxy == null ? new ProxyDraft(spelling) : proxy;
        proxy = group;
        return group;
    }

    Reconnect.Builder reconnect() {
        Reconnect.Builder group = reconnect == null ? Reconnect.builder() : reconnect;
        reconnect = group;
        return group;
    }

    String spelled(String key) {
        return spelling.apply(key);
    }

    /**
     * All keys have been read.
     *
     * @throws IllegalArgumentException if some of them do not go together
     */
    void finish() {
        if (auth != null) {
            options.auth(auth.build());
        }
        if (tls != null && tls.isWanted()) {
            options.tls(tls.build());
        }
        if (webSocket != null) {
            options.webSocket(webSocket.build());
        }
        if (proxy != null) {
            options.proxy(proxy.build());
        }
        if (reconnect != null) {
            options.reconnect(reconnect.build());
        }
    }
}
