// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens: what a URL such as {@code nats://host:4222} says.
 *
 * @param scheme how to talk to it
 * @param host name or IP address, an IPv6 address without brackets
 * @param port 1 to 65535
 * @param path path and query of a WebSocket URL, from the slash on; empty where there is none
 * @param userInfo who to be there, or null where the URL does not say; {@code toString} does not show it
 * @param tlsHost whose certificate the server must show where that is not {@code host}: as of a server that others
 *     announced by its IP address alone; null where it is {@code host}
 */
public record Endpoint(
        Scheme scheme,
        String host,
        int port,
        String path,
        @Nullable UserInfo userInfo,
        @Nullable String tlsHost) {

    /** How to talk to a server. */
    public enum Scheme {
        /** TCP, upgraded to TLS where the server asks for it. */
        NATS(4222),
        /** TCP, always upgraded to TLS. */
        TLS(4222),
        /** WebSocket. */
        WS(80),
        /** WebSocket over TLS. */
        WSS(443);

        private final int defaultPort;

        Scheme(int defaultPort) {
            this.defaultPort = defaultPort;
        }

        /** The port where a URL names none: as other NATS clients have it. */
        public int defaultPort() {
            return defaultPort;
        }

        /** Whether NATS is spoken through WebSocket. */
        public boolean isWebSocket() {
            return this == WS || this == WSS;
        }

        /** As it stands in a URL. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException if a host, the port or the path is malformed */
    public Endpoint {
        Objects.requireNonNull(scheme, "scheme");
        EndpointParser.checkHost(Objects.requireNonNull(host, "host"));
        EndpointParser.checkPort(port);
        EndpointParser.checkPath(scheme, Objects.requireNonNull(path, "path"));
        if (tlsHost != null) {
            EndpointParser.checkHost(tlsHost);
        }
    }

    /** An endpoint that shows a certificate of its {@code host}, if any. */
    public Endpoint(Scheme scheme, String host, int port, String path, @Nullable UserInfo userInfo) {
        this(scheme, host, port, path, userInfo, null);
    }

    /** {@link #parse(String, Scheme)}, where no scheme means {@link Scheme#NATS}. */
    public static Endpoint parse(String url) {
        return parse(url, Scheme.NATS);
    }

    /**
     * Reads {@code [scheme://][user:password@|token@]host[:port][/path]}. User, password and token are
     * percent-decoded; an IPv6 address stands in brackets; only WebSocket URLs may have a path other than {@code /}.
     *
     * @param whenNone the scheme where the URL has none, as the {@code connect_urls} of INFO
     * @throws IllegalArgumentException if the URL is malformed or its scheme unknown; the text shows the URL without
     *     user, password and token
     */
    public static Endpoint parse(String url, Scheme whenNone) {
        return new EndpointParser(url).parse(whenNone);
    }

    /** Whose certificate the server must show, and the name that it is asked for. */
    public String certificateHost() {
        return tlsHost != null ? tlsHost : host;
    }

    /** Whether the host is an IP address: there is nothing to resolve. */
    public boolean isAddress() {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    public String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** The URL with its port, without the user info. */
    @Override
    public String toString() {
        return scheme + "://" + authority() + path;
    }
}
