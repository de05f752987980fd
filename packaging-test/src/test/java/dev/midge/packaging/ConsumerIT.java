// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import org.junit.jupiter.api.Test;

/** R-F4: a program on the module path does the main job, with what the packaged modules export and nothing else. */
@NatsServerTest
class ConsumerIT {
    @Test
    void publishesAndReceives(NatsServer server) throws Exception {
        assertThat(ModulePath.java("--module", "dev.midge.packaging/dev.midge.packaging.Consumer", server.url()))
                .contains(
                        "handler: hello joe on greet.*",
                        "direct: 3",
                        "module dev.midge.packaging used module dev.midge.client with "
                                + server.version().number() + " until CLOSED_BY_USER");
    }
}
