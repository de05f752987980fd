// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R-F11: whatever a client says, the server answers as nats-server does, however the bytes are cut. */
@EmbeddedServerTest
class EmbeddedServerDialogueTest {
    static List<Dialogue> dialogues() {
        return Dialogue.all();
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void atOnce(Dialogue dialogue, EmbeddedServer server) {
        dialogue.hold(server.port(), Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void byteByByte(Dialogue dialogue, EmbeddedServer server) {
        dialogue.hold(server.port(), 1);
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void inSevens(Dialogue dialogue, EmbeddedServer server) {
        dialogue.hold(server.port(), 7);
    }
}
