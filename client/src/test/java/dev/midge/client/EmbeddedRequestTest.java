// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import org.junit.jupiter.api.AfterEach;

/** R-D1 to R-D4: as with real servers. */
class EmbeddedRequestTest extends RequestScenarios {
    EmbeddedRequestTest() {
        super(RequestServer.embedded(), RequestServer::embedded);
    }

    @AfterEach
    void end() {
        server.close();
    }
}
