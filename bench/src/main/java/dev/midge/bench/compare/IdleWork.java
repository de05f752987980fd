// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Connections with a subscription each that do nothing: their footprint is what is looked at. */
final class IdleWork implements Work {
    private final List<Client> others = new ArrayList<>();
    private final Meter meter = new Meter();

    IdleWork(Client first, Client.Connector connector, Job job, int connections) throws Exception {
        prepare(first, job);
        while (others.size() < connections - 1) {
            Client client = connector.connect(job);
            others.add(client);
            prepare(client, job);
        }
    }

    private static void prepare(Client client, Job job) throws Exception {
        client.subscribe(job.subject(), size -> {});
        client.flush();
    }

    @Override
    public Outcome run(double seconds) throws Exception {
        meter.begin();
        boolean never = new CountDownLatch(1).await((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
        meter.end();
        return meter.read(never ? 1 : 0);
    }

    @Override
    public void close() throws IOException {
        for (Client client : others) {
            client.close();
        }
    }
}
