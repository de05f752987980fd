// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.ArrayList;
import java.util.List;

/** Receives what another process publishes, by some subscriptions to the same subject. */
final class ReceiveWork implements Work {
    private final Meter meter = new Meter();
    private final List<Reception> receptions = new ArrayList<>();

    ReceiveWork(Client client, String subject, int subscriptions) throws Exception {
        for (int i = 0; i < subscriptions; i++) {
            Reception reception = new Reception(meter);
            client.subscribe(subject, reception);
            receptions.add(reception);
        }
        client.flush();
    }

    @Override
    public Outcome run(double seconds) throws Exception {
        long messages = 0;
        for (Reception reception : receptions) {
            messages += reception.await();
        }
        return meter.read(messages);
    }

    @Override
    public void close() {}
}
