// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedUser;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** R-A1, R-B2: cut at every byte, see {@link CutSweep}, with the embedded server: it has to bear it as well. */
class StreamFaultTest extends StreamFaults {
    private EmbeddedServer server;
    private CutSweep sweep;

    @BeforeEach
    void start() {
        server = EmbeddedServer.builder()
                .user(EmbeddedUser.of("u", "p").denyPublish("denied.>"))
                .authTimeout(Duration.ofSeconds(30)) // that nothing but the cut ends a connection
                .start();
        sweep = new CutSweep("the embedded server", server.port());
    }

    @AfterEach
    void end() {
        try {
            Eventually.isTrue("the server has only the observer", () -> server.connections() == 1);
            assertThat(server.subscriptions()).isEqualTo(1);
        } finally {
            sweep.close();
            server.close();
        }
    }

    @Override
    CutSweep sweep() {
        return sweep;
    }
}
