// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says about itself: the JSON of an INFO line, with the names of the wire. Servers send one when a
 * connection opens, from 2.15 on a second one that answers CONNECT, and later ones when the topology changes or they
 * are about to stop. Texts that servers leave out are null, flags false, numbers 0, lists empty.
 *
 * <p>Source: {@code struct Info} in nats-server's server.go. Fields that only routes, gateways and leaf nodes use are
 * among the {@code unknown}.
 *
 * @param serverId the server's public key
 * @param serverName the server's name; its id where none was configured
 * @param version the server's version, as 2.15.2
 * @param proto the protocol version, 1 for servers that send INFO more than once
 * @param gitCommit the commit the server was built from
 * @param go the Go version the server was built with
 * @param host the host the server listens on
 * @param port the port the server listens on
 * @param headers whether clients may send and receive headers
 * @param authRequired whether the server asks for credentials
 * @param tlsRequired whether the connection must be upgraded to TLS before CONNECT
 * @param tlsVerify whether the server asks for a client certificate
 * @param tlsAvailable whether the connection may be upgraded to TLS before CONNECT
 * @param maxPayload limit of header block and payload together, in bytes; {@value #UNLIMITED} for none
 * @param jetstream whether the account may use JetStream on this server
 * @param ip the address of the server, sent to routes and gateways mostly
 * @param clientId the number the server gave to this connection, 0 when it did not say
 * @param clientIp the address from which the server sees this connection come
 * @param nonce what the client has to sign when it authenticates with a key
 * @param cluster the name of the server's cluster
 * @param clusterDynamic whether that name was made up by the servers
 * @param domain the server's JetStream domain
 * @param connectUrls host:port of the servers of the cluster, without scheme
 * @param wsConnectUrls the same for WebSocket
 * @param ldm whether the server is in lame duck mode: it will close this connection soon
 * @param compression the compression the server offers, to leaf nodes only
 * @param connectInfo whether this INFO is the answer to CONNECT
 * @param remoteAccount the account this connection is bound to; only in the answer to CONNECT
 * @param accIsSys whether that account is the system account
 * @param apiLvl level of the JetStream API: 0 before 2.11, 1 for 2.11, 2 for 2.12, 4 for 2.14, 5 for 2.15
 * @param xkey the server's public curve key, used by auth callout
 * @param unknown every other field, in the order sent, written back by {@link #toJson()}: values are String, Boolean,
 *     Long, BigDecimal, unmodifiable List and Map of these, or null
 */
public record Info(
        String serverId,
        String serverName,
        String version,
        int proto,
        @Nullable String gitCommit,
        String go,
        String host,
        int port,
        boolean headers,
        boolean authRequired,
        boolean tlsRequired,
        boolean tlsVerify,
        boolean tlsAvailable,
        int maxPayload,
        boolean jetstream,
        @Nullable String ip,
        long clientId,
        @Nullable String clientIp,
        @Nullable String nonce,
        @Nullable String cluster,
        boolean clusterDynamic,
        @Nullable String domain,
        List<String> connectUrls,
        List<String> wsConnectUrls,
        boolean ldm,
        @Nullable String compression,
        boolean connectInfo,
        @Nullable String remoteAccount,
        boolean accIsSys,
        int apiLvl,
        @Nullable String xkey,
        Map<String, @Nullable Object> unknown) {

    /** The {@link #maxPayload()} of a server that has no limit: jwt.NoLimit in nats-server. */
    public static final int UNLIMITED = -1;

    /** The {@link #maxPayload()} taken for a server that does not say: MAX_PAYLOAD_SIZE in nats-server's const.go. */
    public static final int DEFAULT_MAX_PAYLOAD = 1 << 20;

    /** Copies the collections. */
    public Info {
        if (maxPayload < UNLIMITED) {
            throw new IllegalArgumentException(
                    "maxPayload " + maxPayload + ": must be 0 or more bytes, or -1 for none");
        }
        connectUrls = List.copyOf(connectUrls);
        wsConnectUrls = List.copyOf(wsConnectUrls);
        unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
    }

    /**
     * Reads the text of an INFO line, without the verb; space around it is ignored.
     *
     * @throws ProtocolException when the text is not a JSON object, or a field has not the type or range it must have;
     *     the exception quotes the text or the value, escaped and cut
     */
    public static Info parse(String json) {
        return InfoJson.read(json);
    }

    /** Whether payloads have a limit at all. */
    public boolean payloadLimited() {
        return maxPayload != UNLIMITED;
    }

    /**
     * What is known once the same server has sent a later INFO: all of the later one, except that the account and the
     * client's number and address stay when it leaves them out, as servers say these things once.
     */
    public Info updatedBy(Info later) {
        boolean sameAccount = later.remoteAccount == null;
        return new Info(
                later.serverId,
                later.serverName,
                later.version,
                later.proto,
                later.gitCommit,
                later.go,
                later.host,
                later.port,
                later.headers,
                later.authRequired,
                later.tlsRequired,
                later.tlsVerify,
                later.tlsAvailable,
                later.maxPayload,
                later.jetstream,
                later.ip,
                later.clientId == 0 ? clientId : later.clientId,
                later.clientIp == null ? clientIp : later.clientIp,
                later.nonce,
                later.cluster,
                later.clusterDynamic,
                later.domain,
                later.connectUrls,
                later.wsConnectUrls,
                later.ldm,
                later.compression,
                later.connectInfo,
                sameAccount ? remoteAccount : later.remoteAccount,
                sameAccount ? accIsSys : later.accIsSys,
                later.apiLvl,
                later.xkey,
                later.unknown);
    }

    /** The JSON object as a server would send it, without what is absent. */
    public String toJson() {
        return InfoJson.write(this);
    }
}
