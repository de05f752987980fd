// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

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
 */
public record Endpoint(
        Scheme scheme,
        String host,
        int port,
        String path,
        @Nullable UserInfo userInfo) {

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

        /** As it stands in a URL. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException if host, port or path is malformed */
    public Endpoint {
        Objects.requireNonNull(scheme, "scheme");
        EndpointParser.checkHost(Objects.requireNonNull(host, "host"));
        EndpointParser.checkPort(port);
        EndpointParser.checkPath(scheme, Objects.requireNonNull(path, "path"));
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
