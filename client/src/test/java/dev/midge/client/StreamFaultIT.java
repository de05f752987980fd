// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** R-A1, R-B2: cut at every byte, see {@link CutSweep}, with real servers. */
@ParameterizedClass
@EnumSource(NatsServerVersion.class)
class StreamFaultIT extends StreamFaults {
    private final NatsServerVersion version;
    private NatsServer server;
    private CutSweep sweep;

    StreamFaultIT(NatsServerVersion version) {
        this.version = version;
    }

    @BeforeEach
    void start() {
        server = Conversation.server(version);
        sweep = new CutSweep(server.toString(), server.port());
    }

    @AfterEach
    void end() {
        sweep.close();
        server.close();
    }

    @Override
    CutSweep sweep() {
        return sweep;
    }
}
