// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that opens the way to servers of all schemes: it is told the server's host and port, and resolves the name
 * itself. Needs the optional jar {@code io.netty:netty-handler-proxy}. Immutable.
 */
public final class Proxy {
    /** How to talk to a proxy. */
    public enum Kind {
        /** By HTTP's CONNECT (RFC 9110, section 9.3.6). */
        HTTP,
        /** By SOCKS version 5 (RFC 1928). */
        SOCKS5;

        /** As it stands in a URL. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** RFC 1929: a length is one byte. */
    private static final int MAX_SOCKS_TEXT = 255;

    private final Kind kind;
    private final String host;
    private final int port;
    private final @Nullable String user;
    private final char @Nullable [] password;

    private Proxy(Kind kind, String host, int port, @Nullable String user, char @Nullable [] password) {
        this.kind = kind;
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
    }

    /**
     * A proxy to be asked by HTTP's CONNECT.
     *
     * @param address {@code host:port}, an IPv6 address in brackets
     * @throws IllegalArgumentException if it is not of this form
     */
    public static Proxy http(String address) {
        return at(Kind.HTTP, address);
    }

    /**
     * A proxy to be asked by SOCKS version 5.
     *
     * @param address {@code host:port}, an IPv6 address in brackets
     * @throws IllegalArgumentException if it is not of this form
     */
    public static Proxy socks5(String address) {
        return at(Kind.SOCKS5, address);
    }

    private static Proxy at(Kind kind, String address) {
        int colon = Objects.requireNonNull(address, "address").lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.indexOf(':') > 0;
        String digits = colon < 0 ? "" : address.substring(colon + 1);
        if (!digits.matches("[0-9]{1,5}") || (host.indexOf(':') >= 0 && !bracketed) || address.indexOf('@') >= 0) {
            // It is not shown: somebody may have put a password into it.
            throw new IllegalArgumentException("address of the " + kind
                    + " proxy: must be host:port, an IPv6 address in brackets, and nothing else");
        }
        int port = Integer.parseInt(digits);
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        EndpointParser.checkHost(bare);
        EndpointParser.checkPort(port);
        return new Proxy(kind, bare, port, null, null);
    }

    /**
     * The same proxy, with who to be there: basic authentication of HTTP, or RFC 1929's of SOCKS. A proxy that does not
     * ask for it over SOCKS is not told; one of HTTP is told at once.
     *
     * @param name without colon for HTTP; for SOCKS of 1 to 255 ASCII characters
     * @param secret is copied; for SOCKS of 1 to 255 ASCII characters
     * @throws IllegalArgumentException if one of them cannot be sent; the text shows neither
     */
    public Proxy userPassword(String name, char[] secret) {
        boolean http = kind == Kind.HTTP;
        boolean fits = isText(name) && isText(new String(secret));
        if (http) {
            fits &= name.indexOf(':') < 0;
        } else {
            fits &= isShortAscii(name) && isShortAscii(new String(secret));
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "user and password of the " + kind + " proxy: must be without control characters, "
                            + (http ? "the user without a colon" : "both of 1 to 255 ASCII characters"));
        }
        return new Proxy(kind, host, port, name, secret.clone());
    }

    private static boolean isText(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static boolean isShortAscii(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_SOCKS_TEXT
                && StandardCharsets.US_ASCII.newEncoder().canEncode(text);
    }

    /** How to talk to it. */
    public Kind kind() {
        return kind;
    }

    /** Where it is: name or IP address, an IPv6 address without brackets. */
    public String host() {
        return host;
    }

    /** Its port. */
    public int port() {
        return port;
    }

    /** Who to be there, or null. */
    public @Nullable String user() {
        return user;
    }

    /** For one attempt; empty where there is none. */
    String password() {
        char[] secret = password;
        return secret == null ? "" : new String(secret);
    }

    /** {@code http://host:port}: for logs, without the user and the password. */
    @Override
    public String toString() {
        return kind + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
