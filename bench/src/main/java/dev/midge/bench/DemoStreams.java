// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static dev.midge.bench.Demo.PATIENCE;
import static dev.midge.bench.Demo.verify;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.events.Actor;
import dev.midge.events.Codec;
import dev.midge.events.Event;
import dev.midge.events.EventConnection;
import dev.midge.events.EventWithResponse;
import dev.midge.events.Events;
import dev.midge.events.Listening;
import dev.midge.events.RequestOptions;
import dev.midge.jetstream.AckPolicy;
import dev.midge.jetstream.Consumer;
import dev.midge.jetstream.ConsumerConfig;
import dev.midge.jetstream.ConsumerInfo;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamMessage;
import dev.midge.jetstream.PublishOptions;
import dev.midge.jetstream.StreamConfig;
import dev.midge.protocol.Nuid;

/** What the {@link Demo} shows of JetStream. What it makes has names that nobody else has, and is deleted in the end. */
record DemoStreams(Connection nc) {
    /** Returns what was shown. */
    String streamAndConsumer() {
        JetStream js = JetStream.of(nc);
        String name = "demo-orders-" + Nuid.next();
        String subject = name + ".new";
        js.createStream(StreamConfig.builder(name).subjects(name + ".>").build());
        try {
            for (int i = 1; i <= 3; i++) {
                long sequence = js.publish(subject, "order " + i).sequence();
                verify(sequence == i, "order " + i + " is stored as " + i + ", not " + sequence);
            }
            Message again = Message.to(subject).data("order 4").build();
            PublishOptions once = PublishOptions.builder().messageId("order 4").build();
            verify(!js.publish(again, once).duplicate(), "order 4 is new");
            verify(js.publish(again, once).duplicate(), "order 4 is there when it is published again");

            Consumer consumer = js.stream(name)
                    .createConsumer(ConsumerConfig.builder()
                            .durable("worker")
                            .ackPolicy(AckPolicy.EXPLICIT)
                            .build());
            int count = 0;
            for (JetStreamMessage message : consumer.fetch(4, PATIENCE)) {
                count++;
                verify(message.text().equals("order " + count), "order " + count + " is next, not " + message.text());
                message.ackSync(PATIENCE);
            }
            ConsumerInfo info = consumer.info();
            verify(
                    count == 4 && info.numAckPending() == 0 && info.numPending() == 0,
                    "4 orders are consumed and acknowledged: " + count + ", " + info);
        } finally {
            js.deleteStream(name);
        }
        return "5 published, 4 stored, one of them known already; 4 consumed and acknowledged";
    }

    /** Returns what was shown. */
    String typedRequest() {
        EventWithResponse<String, Integer> said =
                Event.of("demo-said-" + Nuid.next(), Codec.json(String.class)).withResponse(Codec.json(Integer.class));
        Actor<String, Integer> counter = Actor.of("counter", said, text -> text.split(" ", -1).length);
        try (EventConnection events = Events.of(said).connect(nc)) {
            events.register();
            try {
                events.registerActors(counter);
                try (Listening listening = events.listen(counter)) {
                    RequestOptions patient =
                            RequestOptions.builder().timeout(PATIENCE).build();
                    int words = events.request(said, "to be or not to be", patient);
                    verify(words == 6, "the actor counts 6 words, not " + words);
                    verify(listening.drain(PATIENCE), "the actor ends in order");
                }
            } finally {
                JetStream.of(nc).deleteStream(said.streamName());
            }
        }
        return "an event, stored, handled by an actor and responded to: 6 words";
    }
}
