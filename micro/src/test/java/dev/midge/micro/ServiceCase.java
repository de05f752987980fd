// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.client.Connection;
import dev.midge.testkit.EmbeddedServer;
import org.junit.jupiter.api.AfterEach;

/** A connection for services, and one that asks them. */
abstract class ServiceCase {
    final EmbeddedServer server;
    final Connection nc;
    final Connection requester;

    ServiceCase(EmbeddedServer server) {
        this.server = server;
        nc = Asking.connect(server.url());
        requester = Asking.connect(server.url());
    }

    @AfterEach
    void close() {
        nc.close();
        requester.close();
    }
}
