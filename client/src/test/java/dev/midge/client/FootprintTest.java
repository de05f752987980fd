// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import dev.midge.transport.EventLoops;
import dev.midge.transport.TransportKind;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What connections cost that do nothing, and that are gone. */
class FootprintTest {
    /** What the allocator may keep more or less of, as threads come and go: 8 KiB for each connection. */
    private static final long ROOM = 8 << 20;

    private static void acceptUntilClose(ScriptedConnection peer) {
        peer.send(Session.INFO).expectLine("CONNECT .*").expect("PING\r\n").send("PONG\r\n");
        peer.expect("PING\r\n").send("PONG\r\n");
    }

    private static Connection connect(ScriptedServer server) {
        return Nats.connect(Options.builder()
                .servers(server.url())
                .connectTimeout(Session.LONG)
                .closeTimeout(Session.LONG)
                .eventLoops(ONE)
                .build());
    }

    /** So that the number of event loops does not depend on the machine. */
    private static final EventLoops ONE = EventLoops.own(TransportKind.AUTO, 1);

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .peek(thread -> assertThat(thread.isDaemon()).as("%s", thread).isTrue())
                .count();
    }

    /** R-A10. The handler threads are of the JVM: they tell the listener of Connected, and end when they are idle. */
    @Test
    void idleConnectionsAddNoThread() {
        try (ScriptedServer server = ScriptedServer.startRepeating(FootprintTest::acceptUntilClose)) {
            int handlers = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
            List<Connection> connections = new ArrayList<>();
            try {
                for (int i = 0; i < 2 * handlers; i++) {
                    connections.add(connect(server));
                    assertThat(threads("nats-io-")).isEqualTo(1);
                }
                assertThat(threads("nats-")).isLessThanOrEqualTo(1 + handlers);
            } finally {
                connections.forEach(Connection::close);
            }
        }
    }

    /** R-A9. */
    @Test
    void aThousandConnectionsLeaveNothing() {
        try (ScriptedServer server = ScriptedServer.startRepeating(FootprintTest::acceptUntilClose)) {
            cycles(server, 10);
            Eventually.isTrue("no thread", () -> threads("nats-") == 0);
            long memory = PlatformDependent.usedDirectMemory();
            assertThat(memory)
                    .as("Netty tells how much direct memory it has, which may be none")
                    .isNotNegative();
            cycles(server, 990);
            Eventually.isTrue("no thread", () -> threads("nats-") == 0);
            assertThat(PlatformDependent.usedDirectMemory()).isBetween(memory - ROOM, memory + ROOM);
        }
    }

    private static void cycles(ScriptedServer server, int count) {
        for (int i = 0; i < count; i++) {
            connect(server).close();
        }
    }
}
