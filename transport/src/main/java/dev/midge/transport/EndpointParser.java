// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.Secret;
import dev.midge.transport.Endpoint.Scheme;
import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Objects;

/**
 * Takes a server's URL apart. Not java.net.URI, which refuses host names with an underscore, as containers often have,
 * and shows passwords in its exceptions.
 */
final class EndpointParser {
    private static final int MAX_PORT = 0xffff;

    private final String url;

    EndpointParser(String url) {
        this.url = Objects.requireNonNull(url, "url");
    }

    Endpoint parse(Scheme whenNone) {
        int colon = url.indexOf("://");
        Scheme scheme = colon < 0 ? whenNone : scheme(url.substring(0, colon));
        String rest = url.substring(colon < 0 ? 0 : colon + 3);
        int pathStart = indexOfAny(rest, "/?#");
        String authority = rest.substring(0, pathStart);
        String path = rest.substring(pathStart);
        if (path.indexOf('@') >= 0) {
            throw malformed("/, ? and # before @ must be percent-encoded, and so must @ itself behind the host");
        }
        int at = authority.lastIndexOf('@');
        UserInfo userInfo = at < 0 ? null : userInfo(authority.substring(0, at));
        String hostAndPort = authority.substring(at + 1);
        int hostEnd = hostEnd(hostAndPort);
        try {
            return new Endpoint(
                    scheme,
                    host(hostAndPort.substring(0, hostEnd)),
                    port(hostAndPort.substring(hostEnd), scheme),
                    path.equals("/") ? "" : path,
                    userInfo);
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    private Scheme scheme(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "nats" -> Scheme.NATS;
            case "tls" -> Scheme.TLS;
            case "ws" -> Scheme.WS;
            case "wss" -> Scheme.WSS;
            default -> throw malformed("the scheme must be nats, tls, ws or wss");
        };
    }

    private UserInfo userInfo(String text) {
        int colon = text.indexOf(':');
        if (colon == 0 || text.isEmpty()) {
            throw malformed("there must be a user or a token before @");
        }
        return colon < 0
                ? new UserInfo.Token(Secret.of(percentDecoded(text)))
                : new UserInfo.UserPassword(
                        percentDecoded(text.substring(0, colon)), Secret.of(percentDecoded(text.substring(colon + 1))));
    }

    /** Not java.net.URLDecoder, which takes + for a space: that is for forms. */
    private String percentDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(UTF_8);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '%') {
                int high = i + 2 < bytes.length ? Character.digit(bytes[++i], 16) : -1;
                int low = high >= 0 ? Character.digit(bytes[++i], 16) : -1;
                if (low < 0) {
                    throw malformed("% before @ must be followed by two hexadecimal digits");
                }
                b = (byte) (high << 4 | low);
            }
            bytes[length++] = b;
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw malformed("what is percent-encoded before @ must be UTF-8");
        }
    }

    /** Where the host ends: behind the bracket of an IPv6 address, or at the colon of the port. */
    private int hostEnd(String hostAndPort) {
        if (hostAndPort.startsWith("[")) {
            int bracket = hostAndPort.indexOf(']');
            if (bracket < 0) {
                throw malformed("] is missing");
            }
            return bracket + 1;
        }
        int colon = hostAndPort.indexOf(':');
        if (colon != hostAndPort.lastIndexOf(':')) {
            throw malformed("an IPv6 address must stand in brackets, and there is one port at most");
        }
        return colon < 0 ? hostAndPort.length() : colon;
    }

    private String host(String text) {
        if (!text.startsWith("[")) {
            return text;
        }
        String address = text.substring(1, text.length() - 1);
        if (address.indexOf(':') < 0) {
            throw malformed("only an IPv6 address stands in brackets");
        }
        return address;
    }

    /** @param text empty, or a colon and the port */
    private int port(String text, Scheme scheme) {
        if (text.isEmpty()) {
            return scheme.defaultPort();
        }
        boolean digits = text.startsWith(":") && text.length() >= 2 && text.length() <= 6;
        for (int i = 1; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits) {
            throw malformed("behind the host there must be nothing, or a colon and a port of 1 to " + MAX_PORT);
        }
        return Integer.parseInt(text, 1, text.length(), 10);
    }

    static void checkPort(int port) {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port is " + port + ": must be 1 to " + MAX_PORT);
        }
    }

    static void checkHost(String host) {
        boolean wellFormed = !host.isEmpty();
        if (host.indexOf(':') >= 0) {
            wellFormed = NetUtil.isValidIpV6Address(host);
        } else {
            for (int i = 0; i < host.length(); i++) {
                char c = host.charAt(i);
                wellFormed &= c > ' ' && c != 0x7f && "[]/?#@%\\\"<>^`{|},".indexOf(c) < 0;
            }
        }
        if (!wellFormed) {
            throw new IllegalArgumentException(
                    "host is \"" + host + "\": must be a host name, an IPv4 address or an IPv6 address");
        }
    }

    static void checkPath(Scheme scheme, String path) {
        boolean webSocket = scheme == Scheme.WS || scheme == Scheme.WSS;
        if (!path.isEmpty() && !webSocket) {
            throw new IllegalArgumentException("path is \"" + path + "\": only a ws or wss URL has one");
        }
        if (!path.isEmpty() && !path.startsWith("/") && !path.startsWith("?")) {
            throw new IllegalArgumentException("path is \"" + path + "\": must start with / or ?");
        }
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ' || path.charAt(i) == 0x7f) {
                throw new IllegalArgumentException("path must have no space or control character");
            }
        }
    }

    private static int indexOfAny(String text, String chars) {
        int i = 0;
        while (i < text.length() && chars.indexOf(text.charAt(i)) < 0) {
            i++;
        }
        return i;
    }

    /** Whatever stands between the scheme and the last @ may be a secret, however malformed the rest. */
    private IllegalArgumentException malformed(String rule) {
        int at = url.lastIndexOf('@');
        int colon = url.indexOf(':');
        boolean hasScheme = colon > 0 && url.startsWith("://", colon) && colon < at;
        String shown = at < 0 ? url : (hasScheme ? url.substring(0, colon + 3) : "") + "***" + url.substring(at);
        return new IllegalArgumentException("server URL \"" + shown + "\": " + rule);
    }
}
