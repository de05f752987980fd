// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import dev.midge.protocol.Nuid;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** JetStream on a connection to a real server, a name for a stream that nobody has, and none left at the end. */
abstract class StreamCase {
    final NatsServer server;

    /** Whether the server is older than the newest. */
    final boolean old;

    final String name = "S" + Nuid.next();
    Connection nc;
    JetStream js;

    StreamCase(NatsServer server, NatsServerVersion version) {
        this.server = server;
        old = !version.isAtLeast(NatsServerVersion.V2_15_2);
    }

    @BeforeEach
    void connect() {
        nc = Patience.connect(server.url());
        js = Patience.jetStream(nc);
    }

    @AfterEach
    void deleteStreams() {
        js.streamNames().toList().forEach(js::deleteStream);
        nc.close();
    }

    /** The stream of that name, of all subjects that begin with it. */
    Stream createStream() {
        return js.createStream(StreamConfig.builder(name).subjects(name + ".>").build());
    }
}
