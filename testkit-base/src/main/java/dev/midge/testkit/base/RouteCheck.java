// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the nodes of a cluster what they know of each other: their monitoring service, and the INFO for clients. */
final class RouteCheck {
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final Pattern ROUTES = Pattern.compile("\"num_routes\":\\s*(\\d+)");
    private static final Pattern ANNOUNCED = Pattern.compile("\"connect_urls\":\\[([^\\]]*)]");

    private RouteCheck() {}

    /** What is still missing between those that run; empty when nothing is. */
    static String missing(List<NatsServer> nodes) {
        List<NatsServer> running = nodes.stream().filter(NatsServer::isRunning).toList();
        Set<String> addresses = new TreeSet<>();
        running.forEach(node -> addresses.add("\"127.0.0.1:" + node.port() + "\""));
        for (NatsServer node : running) {
            int expected = (running.size() - 1) * connectionsPerRoute(node.version());
            try {
                int routes = routes(node);
                if (routes != expected) {
                    return node + " has " + routes + " connections to others instead of " + expected;
                }
                Set<String> announced = announced(node.port());
                if (!announced.equals(addresses)) {
                    return node + " announces " + announced + " instead of " + addresses;
                }
            } catch (IOException e) {
                return node + " does not answer: " + e;
            }
        }
        return "";
    }

    /** Since 2.10 a route is a pool of three connections, and one more for the system account. */
    private static int connectionsPerRoute(NatsServerVersion version) {
        return version.isAtLeast(NatsServerVersion.V2_15_2) ? 4 : 1;
    }

    /** {@code {"server_id":"NB...", "num_routes": 8, "routes": [...]}} */
    private static int routes(NatsServer node) throws IOException {
        URLConnection connection =
                URI.create(node.url("monitoring") + "/routez").toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        // Or the JDK would keep the connection, and a thread to watch it.
        connection.setRequestProperty("Connection", "close");
        try (InputStream body = connection.getInputStream()) {
            Matcher matcher = ROUTES.matcher(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        }
    }

    /** {@code INFO {...,"connect_urls":["127.0.0.1:21000","127.0.0.1:21001"]}} */
    private static Set<String> announced(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String info = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            Matcher matcher = ANNOUNCED.matcher(info == null ? "" : info);
            return matcher.find() ? new TreeSet<>(List.of(matcher.group(1).split(",", -1))) : Set.of();
        }
    }
}
