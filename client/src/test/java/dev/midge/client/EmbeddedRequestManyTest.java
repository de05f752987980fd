// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import org.junit.jupiter.api.AfterEach;

/** R-D5, ADR-47: as with real servers. */
class EmbeddedRequestManyTest extends RequestManyScenarios {
    EmbeddedRequestManyTest() {
        super(RequestServer.embedded(), RequestServer::embedded);
    }

    @AfterEach
    void end() {
        server.close();
    }
}
