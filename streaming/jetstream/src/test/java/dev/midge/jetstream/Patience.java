// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import java.time.Duration;

/** Waits for as long as a machine may stand still. */
final class Patience {
    static final Duration LONG = Duration.ofSeconds(30);

    private Patience() {}

    static JetStream jetStream(Connection connection) {
        return JetStream.of(connection, JetStreamOptions.builder().timeout(LONG).build());
    }
}
