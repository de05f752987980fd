// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.testkit.conformance.Player.NotOffered;
import org.jspecify.annotations.Nullable;

/** Starts nats-server as conversations need it, and keeps the last one for the next conversation with the same needs. */
final class NatsServers extends ServerUnderTest {
    private final NatsServerVersion version;
    private Needs needs = Needs.NONE;
    private Running running = new Running(null);

    NatsServers(NatsServerVersion version) {
        this.version = version;
    }

    @Override
    public String name() {
        return version.toString();
    }

    @Override
    String expectedResults() {
        return "nats-server-" + version.number();
    }

    @Override
    Running provide(Conversation conversation) throws NotOffered {
        if (!conversation.needs().equals(needs) || running.server == null || running.changed) {
            running.stop();
            needs = conversation.needs();
            running = new Running(start());
        }
        return running;
    }

    private NatsServer start() throws NotOffered {
        String config = NatsServerConfig.of(needs);
        try {
            return NatsServer.builder().version(version).config(config).start();
        } catch (IllegalStateException e) {
            if (needs.config().isEmpty()) {
                throw e;
            }
            // A version that does not know it yet.
            throw new NotOffered("does not start with " + needs);
        }
    }

    @Override
    public void close() {
        running.stop();
    }

    private static final class Running implements ServerUnderTest.Running {
        private @Nullable NatsServer server;
        private boolean changed;

        Running(@Nullable NatsServer server) {
            this.server = server;
        }

        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public int port() {
            return server == null ? 0 : server.port();
        }

        @Override
        public void lameDuck() {
            if (server != null) {
                changed = true;
                server.signal("USR2");
            }
        }

        @Override
        public void reload(Needs needs) {
            if (server != null) {
                changed = true;
                server.reload(NatsServerConfig.of(needs));
            }
        }

        @Override
        public void close() {
            // Kept for the next conversation.
        }

        void stop() {
            if (server != null) {
                server.close();
                server = null;
            }
        }
    }
}
