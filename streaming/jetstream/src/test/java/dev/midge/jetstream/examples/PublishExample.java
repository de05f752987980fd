// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream.examples;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamOptions;
import dev.midge.jetstream.OnDisconnect;
import dev.midge.jetstream.PublishAck;
import dev.midge.jetstream.PublishOptions;
import dev.midge.jetstream.PublishOutcomeUnknownException;
import dev.midge.jetstream.PublishOverflow;
import dev.midge.jetstream.StreamConfig;
import dev.midge.jetstream.WrongLastSequenceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The programs of docs/jetstream.md that publish. */
abstract class PublishExample {
    /** The first one. */
    static List<Long> first(Connection nc) {
        JetStream js = JetStream.of(nc);
        js.createStream(StreamConfig.builder("ORDERS").subjects("orders.>").build());

        PublishAck ack = js.publish("orders.new", "1"); // returns when it is stored
        CompletableFuture<PublishAck> f = js.publishAsync(
                Message.to("orders.new").data("2").build(),
                PublishOptions.builder().messageId("2").build());
        return List.of(ack.sequence(), f.join().sequence()); // 1, 2
    }

    /** What becomes of a message. */
    static String outcome(JetStream js) {
        Message order = Message.to("orders.new").data("3").build();
        PublishOptions once = PublishOptions.builder()
                .messageId("3")
                .expectedLastSubjectSequence(2)
                .build();
        try {
            return "stored as " + js.publish(order, once).sequence();
        } catch (WrongLastSequenceException e) {
            return "somebody else was faster"; // any JetStreamApiException: the stream refused it
        } catch (PublishOutcomeUnknownException e) {
            return "once more, with the id " + e.messageId();
        }
    }

    /** Other options. */
    static JetStream patient(Connection nc) {
        return JetStream.of(
                nc,
                JetStreamOptions.builder()
                        .timeout(Duration.ofSeconds(30))
                        .publishWindow(1000)
                        .publishOverflow(PublishOverflow.FAIL)
                        .publishRetries(-1, Duration.ofMillis(100))
                        .onDisconnect(OnDisconnect.RETRY)
                        .build());
    }
}
