// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.testkit.conformance.Player.NotOffered;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Starts nats-server as conversations need it, and keeps the last one for the next conversation with the same needs. */
final class NatsServers extends ServerUnderTest {
    private final NatsServerVersion version;
    private Needs needs = Needs.NONE;
    private final TemporaryCertificate certificate = new TemporaryCertificate();
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
        boolean handshakeFirst = needs.tls().equals("first");
        boolean counted = needs.settings().containsKey("max_connections");
        NatsServer.Builder builder = NatsServer.builder().version(version).config(config(needs));
        try {
            NatsServer server =
                    (handshakeFirst ? builder.handshakeFirst() : counted ? builder.flags("-D") : builder).start();
            if (counted) {
                server.awaitLog("Client connection closed"); // that which saw it start counts till then
            }
            return server;
        } catch (IllegalStateException e) {
            if (needs.config().isEmpty() && !handshakeFirst) {
                throw e;
            }
            // A version that does not know it yet.
            throw new NotOffered("does not start with " + needs);
        }
    }

    private String config(Needs needs) {
        return NatsServerConfig.of(needs, needs.tls().isEmpty() ? null : certificate.get());
    }

    @Override
    public void close() {
        running.stop();
        certificate.close();
    }

    private final class Running implements ServerUnderTest.Running {
        private @Nullable NatsServer server;
        private @Nullable NatsServer other;
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
                server.lameDuck();
            }
        }

        @Override
        public void reload(Needs needs) {
            if (server != null) {
                changed = true;
                server.reload(config(needs));
            }
        }

        @Override
        public void announce(String address) {
            if (server != null) {
                changed = true;
                other = NatsServer.builder()
                        .version(version)
                        .config(NatsServerConfig.member(server.url("cluster"), address))
                        .start();
            }
        }

        @Override
        public void forget(String address) {
            if (other != null) {
                other.close();
                other = null;
            }
        }

        @Override
        public SSLContext trusting() {
            return certificate.trusting();
        }

        @Override
        public void close() {
            // Kept for the next conversation.
        }

        void stop() {
            forget("");
            if (server != null) {
                server.close();
                server = null;
            }
        }
    }
}
