// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.examples;

import dev.midge.client.Connection;
import dev.midge.stan.OnSessionLost;
import dev.midge.stan.Stan;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanEvent;
import dev.midge.stan.StanOptions;
import dev.midge.stan.StanSubscribeOptions;
import dev.midge.stan.StanSubscription;
import java.time.Duration;

/** The programs of docs/stan.md. */
abstract class StanExample {
    abstract void log(String line);

    /** The first one. */
    @SuppressWarnings("FutureReturnValueIgnored") // as a first program does
    void first(Connection nc) {
        StanConnection sc = Stan.connect(
                nc,
                StanOptions.builder("test-cluster", "client-123")
                        .connectTimeout(Duration.ofSeconds(30)) // also for a server that is starting
                        .build());
        sc.subscribe(
                "hi",
                StanSubscribeOptions.builder()
                        .durable("bar")
                        .queue("w")
                        .deliverAllAvailable()
                        .manualAcks()
                        .ackWait(Duration.ofSeconds(3))
                        .build(),
                m -> {
                    log(m.sequence() + ": " + m.text());
                    m.ack();
                });
        sc.publish("hi", "hello"); // returns once the server has stored it
        sc.publishAsync("hi", "hello again").thenAccept(guid -> log("stored: " + guid));
    }

    /** Sessions. */
    StanConnection watchful(Connection nc) {
        StanConnection sc = Stan.connect(
                nc,
                StanOptions.builder("test-cluster", "client-123")
                        .connectTimeout(Duration.ofSeconds(30))
                        .onSessionLost(OnSessionLost.REESTABLISH)
                        .pings(Duration.ofSeconds(5), 12)
                        .listener(event -> {
                            if (event instanceof StanEvent.SessionLost lost) {
                                log("lost: " + lost.reason() + ", " + lost.detail());
                            }
                        })
                        .build());
        return sc;
    }

    /** Leaving. */
    void leave(StanSubscription sub, StanSubscription other) {
        sub.close(); // the durable is remembered
        other.unsubscribe(); // and this one forgotten
    }
}
