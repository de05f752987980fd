// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Reads lists of servers, as users give them. */
final class ServerUrls {
    /** More would be a mistake; a pool of so many is searched before each attempt. */
    static final int MAX_SERVERS = 1000;

    private ServerUrls() {}

    /**
     * The servers in the order given, each once.
     *
     * @param urls each one server, or several with commas between them
     * @throws IllegalArgumentException see {@link OptionsBuilder#servers}
     */
    static List<Endpoint> parse(String... urls) {
        List<Endpoint> servers = new ArrayList<>();
        for (String list : urls) {
            Objects.requireNonNull(list, "a server URL");
            String[] parts = list.split(",", -1);
            int start = 0;
            for (String part : parts) {
                servers.add(parse(part.strip(), list, start + part.length()));
                start += part.length() + 1;
            }
        }
        return checked(servers);
    }

    /** @param end where the part ends in the list */
    private static Endpoint parse(String part, String list, int end) {
        int laterAt = list.indexOf('@', end);
        if (laterAt < 0) {
            return Endpoint.parse(part);
        }
        try {
            return Endpoint.parse(part);
        } catch (IllegalArgumentException e) {
            // The part may be of a password with a comma in it: it must not be shown, nor the exception that quotes it.
            throw new IllegalArgumentException("server URL \"***" + list.substring(list.lastIndexOf('@'))
                    + "\": what stands between two commas is no URL of a server; a comma in a user, password or token must"
                    + " be written %2C");
        }
    }

    /** @throws IllegalArgumentException if there is none, there are too many, or WebSocket servers and others */
    static List<Endpoint> checked(Collection<Endpoint> servers) {
        List<Endpoint> distinct = servers.stream().distinct().toList();
        if (distinct.isEmpty()) {
            throw new IllegalArgumentException("servers is empty: at least one is needed");
        }
        if (distinct.size() > MAX_SERVERS) {
            throw new IllegalArgumentException(
                    "servers are " + distinct.size() + ": must be " + MAX_SERVERS + " at most");
        }
        Endpoint first = distinct.get(0);
        for (Endpoint server : distinct) {
            if (server.scheme().isWebSocket() != first.scheme().isWebSocket()) {
                throw new IllegalArgumentException("servers are both " + first + " and " + server
                        + ": must be all ws and wss, or all nats and tls");
            }
        }
        return distinct;
    }
}
