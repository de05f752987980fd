// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.events.model.User;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamOptions;
import dev.midge.jetstream.StreamInfo;
import dev.midge.protocol.Nuid;
import dev.midge.testkit.base.NatsServer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An event on a server of its own version, and what its tests need; its stream is gone afterwards. */
abstract class EventsCase {
    static final RequestOptions PATIENT =
            RequestOptions.builder().timeout(Patience.LONG).build();

    final NatsServer server;
    final String name = "e." + Nuid.next();
    final EventWithResponse<User, Boolean> created =
            Event.of(name, Codec.json(User.class)).withResponse(Codec.json(Boolean.class));

    /** What handlers note. */
    final Queue<Object> seen = new ConcurrentLinkedQueue<>();

    Connection nc;
    JetStream js;
    EventConnection ec;

    EventsCase(NatsServer server) {
        this.server = server;
    }

    @BeforeEach
    void connect() {
        nc = Patience.connect(server.url());
        js = JetStream.of(nc, JetStreamOptions.builder().timeout(Patience.LONG).build());
        ec = Patience.connect(Events.of(created), nc);
    }

    @AfterEach
    void close() {
        ec.close();
        js.streamNames().toList().forEach(js::deleteStream);
        nc.close();
    }

    ActorBuilder<User, Void> watcher(String actor, EventListener<User> listener) {
        return Actor.listenerBuilder(actor, created, listener);
    }

    static User user(String userName) {
        return new User(userName, 1, "", List.of());
    }

    StreamInfo stream() {
        return js.stream(created.streamName()).info();
    }
}
