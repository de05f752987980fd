// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Info;
import dev.midge.transport.Endpoint;
import dev.midge.transport.Endpoint.Scheme;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The servers that another one announced in its INFO. */
final class AnnouncedServers {
    private AnnouncedServers() {}

    /**
     * By their places, each with the scheme and the user of the URL that is connected to. What is no address is left out.
     */
    static Map<String, Endpoint> of(Info info, Endpoint current) {
        Scheme scheme = current.scheme();
        // To its WebSocket clients nats-server announces the others' WebSocket ports as connect_urls.
        boolean apart = scheme.isWebSocket() && !info.wsConnectUrls().isEmpty();
        List<String> urls = apart ? info.wsConnectUrls() : info.connectUrls();
        Map<String, Endpoint> endpoints = new LinkedHashMap<>();
        for (String url : urls) {
            try {
                Endpoint bare = Endpoint.parse(url, scheme);
                Endpoint endpoint = new Endpoint(
                        scheme, bare.host(), bare.port(), "", current.userInfo(), certificateHost(bare, current));
                endpoints.putIfAbsent(Server.place(endpoint), endpoint);
            } catch (IllegalArgumentException e) {
                // A server that says nonsense is still a server to talk to.
            }
        }
        return endpoints;
    }

    /** A certificate is of a name mostly: it must be one of the name connected to where only an IP address is known. */
    private static @Nullable String certificateHost(Endpoint announced, Endpoint current) {
        boolean named = current.tlsHost() != null || !current.isAddress();
        return announced.isAddress() && named ? current.certificateHost() : null;
    }
}
