// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.Cut;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedUser;
import dev.midge.testkit.FrameProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R-A1, R-B2: cut at every byte, see {@link CutSweep}, with the embedded server: it has to bear it as well. */
@Timeout(180) // some hundred connections each
class StreamFaultTest {
    private EmbeddedServer server;
    private CutSweep sweep;

    @BeforeEach
    void start() {
        server = EmbeddedServer.builder()
                .user(EmbeddedUser.of("u", "p").denyPublish("denied.>"))
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

    @ParameterizedTest
    @EnumSource
    void cutAtEveryByteOfTheClient(Cut how) throws Exception {
        sweep.run(FrameProxy::toServer, how);
    }

    @ParameterizedTest
    @EnumSource
    void cutAtEveryByteOfTheServer(Cut how) throws Exception {
        sweep.run(FrameProxy::toClient, how);
    }
}
