// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.testkit.base.ScriptedConnection;
import java.util.Arrays;
import java.util.List;

/** The server's side of requests. */
final class RequestPeer {
    static final String NO_RESPONDERS = "NATS/1.0 503\r\n\r\n";

    private RequestPeer() {}

    /** A request as it came. */
    record Asked(String subject, String replyTo, String payload) {}

    /** Takes the SUB of the connection's inbox, which is its first subscription; answers its subject. */
    static String expectInbox(ScriptedConnection peer) {
        List<String> sub = words(peer.readLine());
        if (sub.size() != 3 || !sub.get(0).equals("SUB") || !sub.get(1).endsWith(".*")) {
            throw new AssertionError("not the SUB of an inbox: " + sub);
        }
        return sub.get(1);
    }

    /** Takes a PUB with a reply-to. */
    static Asked expectRequest(ScriptedConnection peer) {
        List<String> pub = words(peer.readLine());
        if (pub.size() != 4 || !pub.get(0).equals("PUB")) {
            throw new AssertionError("not a request: " + pub);
        }
        byte[] payload = peer.read(Integer.parseInt(pub.get(3)));
        peer.expect("\r\n");
        return new Asked(pub.get(1), pub.get(2), new String(payload, java.nio.charset.StandardCharsets.US_ASCII));
    }

    /** Takes the first request of a connection, and the SUB before it. */
    static Asked expectFirst(ScriptedConnection peer) {
        expectInbox(peer);
        return expectRequest(peer);
    }

    static List<String> words(String line) {
        return Arrays.asList(line.strip().split(" "));
    }

    /** The answer that nobody listens, on the first subscription of the connection. */
    static String noResponders(String subject) {
        return "HMSG " + subject + " 1 " + NO_RESPONDERS.length() + " " + NO_RESPONDERS.length() + "\r\n"
                + NO_RESPONDERS + "\r\n";
    }
}
