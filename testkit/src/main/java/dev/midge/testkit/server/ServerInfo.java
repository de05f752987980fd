// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.Info;
import dev.midge.protocol.Nuid;
import java.util.List;
import java.util.Map;

/** What the server says about itself, to each client. */
final class ServerInfo {
    /** Accounts are nothing this server has: all clients are in the one that nats-server puts them into. */
    private static final String ACCOUNT = "$G";

    private final String id = Nuid.next();
    private final ServerSettings settings;
    private final int port;
    private List<String> connectUrls;

    enum Occasion {
        /** A client has come. */
        HELLO,
        /** A client has sent CONNECT and its first PING. */
        CONNECTED,
        /** Something changed. */
        CHANGE,
        /** The server will go. */
        LAME_DUCK
    }

    ServerInfo(ServerSettings settings, int port, List<String> connectUrls) {
        this.settings = settings;
        this.port = port;
        this.connectUrls = List.copyOf(connectUrls);
    }

    void connectUrls(List<String> urls) {
        connectUrls = List.copyOf(urls);
    }

    /** The line, its end included. */
    byte[] line(long clientId, String clientIp, Occasion occasion) {
        TlsSettings tls = settings.tls();
        boolean optional = tls != null && tls.optional() && !tls.first();
        boolean connected = occasion == Occasion.CONNECTED;
        Info info = new Info(
                id,
                settings.serverName().isEmpty() ? "midge-embedded-" + id : settings.serverName(),
                settings.version(),
                1,
                null,
                "none: Midge's EmbeddedServer on Java " + Runtime.version().feature(),
                settings.host(),
                port,
                settings.headers(),
                settings.authRequired() && settings.noAuthUser() == null,
                tls != null && !optional,
                tls != null && tls.verify(),
                optional,
                settings.limits().maxPayload(),
                false,
                null,
                clientId,
                clientIp,
                null,
                null,
                false,
                null,
                connectUrls,
                List.of(),
                occasion == Occasion.LAME_DUCK,
                null,
                connected,
                connected ? ACCOUNT : null,
                false,
                0,
                null,
                Map.of());
        // The blank before the line end is nats-server's.
        return ("INFO " + info.toJson() + " \r\n").getBytes(UTF_8);
    }
}
