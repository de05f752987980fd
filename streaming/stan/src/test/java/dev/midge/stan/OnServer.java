// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Connection;
import dev.midge.protocol.Nuid;
import dev.midge.testkit.base.NatsStreamingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** What tests have that share a real server: a client of it, and a channel for each of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnServer {
    private final String channel = "c" + Nuid.next();
    NatsStreamingServer server;
    Connection nc;
    StanConnection sc;
    String subject = "";

    @BeforeAll
    void start() {
        server = NatsStreamingServer.start();
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void connect() {
        nc = Patience.connect(server.url());
        sc = Patience.connect(nc, "client");
        subject = channel + '.' + Nuid.next();
    }

    @AfterEach
    void disconnect() {
        sc.close();
        nc.close();
    }

    void publish(String... texts) {
        for (String text : texts) {
            sc.publish(subject, text);
        }
    }

    static StanSubscribeOptions.Builder how() {
        return StanSubscribeOptions.builder();
    }

    /** A message may come again until its ack is there. */
    static StanMessage nextNot(Inbox inbox, String text) throws Exception {
        StanMessage next = inbox.next();
        while (next.text().equals(text) && next.isRedelivered()) {
            next = inbox.next();
        }
        return next;
    }
}
