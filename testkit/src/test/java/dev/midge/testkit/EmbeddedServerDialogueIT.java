// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link EmbeddedServerDialogueTest} expects is what nats-server does. */
@NatsServerTest(versions = NatsServerVersion.V2_15_2)
class EmbeddedServerDialogueIT {
    static List<Dialogue> dialogues() {
        return Dialogue.all();
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void atOnce(Dialogue dialogue, NatsServer server) {
        dialogue.hold(server.port(), Integer.MAX_VALUE);
    }

    @Test
    void whoHasSaidAllHearsTheRest(NatsServer server) throws IOException {
        EmbeddedServerRoutingTest.hearTheRest(server.port());
    }
}
