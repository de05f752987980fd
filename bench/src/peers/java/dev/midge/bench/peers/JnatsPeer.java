// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.peers;

import dev.midge.bench.RequestRates;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The jnats client, with its default options. */
@SuppressWarnings("NullAway.Init") // connected before anything else
public final class JnatsPeer implements RequestRates.Peer {
    private Connection nc;

    /** For the service loader. */
    public JnatsPeer() {}

    @Override
    public String name() {
        return "jnats";
    }

    @Override
    public void connect(String url) throws Exception {
        nc = Nats.connect(url);
    }

    @Override
    public CompletableFuture<?> request(String subject, byte[] payload, Duration timeout) {
        return nc.requestWithTimeout(subject, payload, timeout);
    }

    @Override
    public void close() throws Exception {
        nc.close();
    }
}
