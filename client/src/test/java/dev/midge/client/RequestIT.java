// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;

/** R-D1 to R-D4: with both servers. */
@NatsServerTest(config = RequestServer.CONFIG)
class RequestIT extends RequestScenarios {
    RequestIT(NatsServer server, NatsServerVersion version) {
        super(RequestServer.of(server), RequestServer.of(version));
    }
}
