// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.transport.ConnectFailedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A connection, through a proxy, whose stream has nearly every kind of frame in both directions: CONNECT, PING, SUB, PUB,
 * HPUB, UNSUB with max and without, and INFO, PONG, +OK, MSG, HMSG, -ERR.
 */
final class Conversation {
    private static final String CONFIG =
            "authorization { timeout: 60, users: [{ user: u, password: p, permissions: { publish: { deny: [\"denied.>\"] } } }] }";

    /** What is published, in this order; the messages with an even number as HPUB. */
    static final List<String> PAYLOADS = List.of("first", "second", "", "PUB x 1\r\n\r\n", "x".repeat(40), "last");

    final EventLog events = new EventLog();

    /** What the connection got back of its own messages. */
    final List<String> delivered = new CopyOnWriteArrayList<>();

    /** Why there was no connection; null if there was one. */
    @Nullable
    ConnectFailedException connectFailure;

    /** Whether all was said before the connection ended. */
    boolean complete;

    @Nullable
    Statistics statistics;

    private Conversation() {}

    static NatsServer server(NatsServerVersion version) {
        return NatsServer.builder().version(version).config(CONFIG).start();
    }

    static String url(int port) {
        return "nats://u:p@127.0.0.1:" + port;
    }

    /** Has the conversation on subjects below the given one, and returns once its connection has ended. */
    static Conversation through(FrameProxy proxy, String subject) {
        Conversation conversation = new Conversation();
        Options options = Patient.options()
                .reconnect(Reconnect.never())
                .servers(url(proxy.port()))
                .verbose(true)
                .listener(conversation.events)
                .connectTimeout(Session.LONG)
                .build();
        Connection nc;
        try {
            nc = Nats.connect(options);
        } catch (NoServersException e) {
            conversation.connectFailure = e.failures().get(0);
            return conversation;
        }
        try (nc) {
            conversation.talk(nc, subject);
        }
        conversation.statistics = nc.statistics();
        return conversation;
    }

    private void talk(Connection nc, String subject) {
        try {
            Subscription unused =
                    nc.direct().subscribe(subject + ".>", view -> delivered.add(new String(view.copyPayload(), UTF_8)));
            Subscription never = nc.subscribe("never");
            never.unsubscribeAfter(5);
            int number = 0;
            for (String payload : PAYLOADS) {
                Message.Builder message = Message.to(subject + "." + number).data(payload);
                if (number % 2 == 1) {
                    message.header("Number", String.valueOf(number)).replyTo("reply.to");
                }
                nc.publish(message.build());
                number++;
            }
            nc.publish("denied.x", "not allowed");
            never.unsubscribe();
            nc.flush(Duration.ofSeconds(20));
            complete = true;
        } catch (ConnectionClosedException | SubscriptionClosedException e) {
            // cut
        }
    }
}
