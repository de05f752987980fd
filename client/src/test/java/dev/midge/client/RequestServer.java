// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedUser;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A server of whatever kind, on which joe must not publish to secret.>, and sue must not subscribe to the usual inboxes. */
record RequestServer(String url, Runnable kill, Runnable restart, Runnable end) implements AutoCloseable {
    static final String CONFIG = """
            authorization {
              timeout: 60
              users = [
                { user: joe, password: secret, permissions { publish { deny: ["secret.>"] } } }
                { user: sue, password: secret, permissions { subscribe { allow: ["sue.>", "echo"] } } }
              ]
            }
            """;

    static RequestServer of(NatsServer server) {
        return new RequestServer(server.url(), server::kill, server::restart, server::close);
    }

    /** Starts servers of that version. */
    static Supplier<RequestServer> of(NatsServerVersion version) {
        return () -> of(NatsServer.builder().version(version).config(CONFIG).start());
    }

    static RequestServer embedded() {
        EmbeddedServer server = EmbeddedServer.builder()
                .authTimeout(Duration.ofSeconds(60))
                .user(EmbeddedUser.of("joe", "secret").denyPublish("secret.>"))
                .user(EmbeddedUser.of("sue", "secret").allowSubscribe("sue.>", "echo"))
                .start();
        return new RequestServer(server.url(), server::stop, server::restart, server::close);
    }

    NatsConnection connect(String user, UnaryOperator<OptionsBuilder> change) {
        OptionsBuilder options = Patient.options().listener(event -> {});
        return (NatsConnection) Nats.connect(change.apply(options)
                .servers(url.replace("nats://", "nats://" + user + ":secret@"))
                .build());
    }

    @Override
    public void close() {
        end.run();
    }
}
