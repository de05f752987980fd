// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.OptionsBuilder;
import dev.midge.client.Subscription;
import dev.midge.jetstream.JetStreamOptions;
import dev.midge.testkit.EmbeddedServer;
import java.util.Objects;
import java.util.function.Consumer;

/** A stream and its actors, played by the test on another connection: they ack and respond when they are told to. */
final class PlayedStream implements AutoCloseable {
    /** What is subscribed to when nobody waits: the event, and by the emitter the inbox for acks. */
    private static final int AT_REST = 2;

    final Connection nc;
    private final EmbeddedServer server = EmbeddedServer.start();
    private final Connection player = Patience.connect(server.url());
    private final Subscription published;

    PlayedStream(Event<?> event, Consumer<OptionsBuilder> change) {
        published = player.subscribe(event.name());
        player.flush(Patience.LONG);
        OptionsBuilder options = Patience.options(server.url());
        change.accept(options);
        nc = Nats.connect(options.build());
    }

    EventConnection connect(Event<?> event, Consumer<JetStreamOptions.Builder> change) {
        JetStreamOptions.Builder options = JetStreamOptions.builder().timeout(Patience.LONG);
        change.accept(options);
        return Events.of(event).connect(nc, options.build());
    }

    /** What was emitted next. */
    Message published() {
        return published.next(Patience.LONG);
    }

    /** Nobody is there any more. */
    void leave() {
        published.unsubscribe();
        player.flush(Patience.LONG);
    }

    void ack(Message message, long sequence) {
        answer(message, "{\"stream\":\"S\",\"seq\":" + sequence + "}");
    }

    void answer(Message message, String json) {
        player.publish(Objects.requireNonNull(message.replyTo()), json);
    }

    /** As an actor does it. */
    void respond(Message message, String text) {
        player.publish(Objects.requireNonNull(message.headers().get("Walnats-Reply")), text);
    }

    /** Returns when the emitter has so many messages; what comes of the last one may be on its way. */
    void awaitReceived(long messages) {
        Patience.until("the answer", () -> nc.statistics().inMessages() == messages);
    }

    /** Returns when no inbox is subscribed to but that for acks. */
    void awaitRest() {
        Patience.until("the end of subscriptions", () -> server.subscriptions() == AT_REST);
    }

    @Override
    public void close() {
        nc.close();
        player.close();
        server.close();
    }
}
