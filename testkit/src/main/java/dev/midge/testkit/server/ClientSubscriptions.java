// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import dev.midge.testkit.server.ServerSettings.Limits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The subscriptions of one client: parseSub, processSub and processUnsub of nats-server's client.go. */
final class ClientSubscriptions {
    /** The queue group of a server's own subscriptions. */
    private static final String SYSTEM_QUEUE = "_sys_";

    private final ClientSession client;
    private final ServerCore server;
    private final Map<String, Sub> bySid = new HashMap<>();

    ClientSubscriptions(ClientSession client, ServerCore server) {
        this.client = client;
        this.server = server;
    }

    /**
     * Adds one; a sid that is there already stays what it was.
     *
     * @return the text of the error when it may not be, null else
     */
    @Nullable
    String add(String subject, @Nullable String queue, String sid, @Nullable Permissions permissions) {
        Limits limits = server.settings().limits();
        if (SYSTEM_QUEUE.equals(queue) || (permissions != null && !permissions.allowsSubscribe(subject, queue))) {
            return "Permissions Violation for Subscription to " + GoQuote.quote(subject)
                    + (queue == null ? "" : " using queue " + GoQuote.quote(queue));
        }
        if (limits.maxSubjectTokens() > 0 && Wildcards.tokens(subject).length > limits.maxSubjectTokens()) {
            return "Permissions Violation for Subscription to " + GoQuote.quote(subject) + ", too many tokens";
        }
        if (bySid.size() >= limits.maxSubscriptions()) {
            return "maximum subscriptions exceeded";
        }
        if (!bySid.containsKey(sid)) {
            Sub sub = new Sub(client, subject, queue, sid);
            if (!server.router().add(sub)) {
                return "Invalid Subject";
            }
            bySid.put(sid, sub);
            server.counted();
        }
        return null;
    }

    /**
     * Ends one, now or when it has got so many messages since it was made.
     *
     * @param max how many; what is no number above what it got means now
     */
    void end(String sid, int max) {
        Sub sub = bySid.get(sid);
        if (sub == null) {
            return;
        }
        if (max > 0 && max > sub.delivered) {
            sub.max = max;
        } else {
            remove(sub);
        }
    }

    void remove(Sub sub) {
        sub.closed = true;
        bySid.remove(sub.sid);
        server.router().remove(sub);
        server.counted();
    }

    void removeAll() {
        for (Sub sub : List.copyOf(bySid.values())) {
            remove(sub);
        }
    }
}
