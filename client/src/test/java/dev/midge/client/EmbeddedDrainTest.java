// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedServerTest;
import org.junit.jupiter.api.Test;

/** R-C7: as with real servers. */
@EmbeddedServerTest
class EmbeddedDrainTest {
    @Test
    void workersLeave(EmbeddedServer server) throws Exception {
        WorkersLeave.run(server.url());
    }
}
