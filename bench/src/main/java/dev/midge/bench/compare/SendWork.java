// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

/** Publishes for so long, and waits until the server has had all. */
final class SendWork implements Work {
    /** The clock is looked at behind so many. */
    static final int BATCH = 64;

    private final Client client;
    private final Client.Sender sender;
    private final Meter meter = new Meter();

    SendWork(Client client, Client.Sender sender) {
        this.client = client;
        this.sender = sender;
    }

    @Override
    public Outcome run(double seconds) throws Exception {
        meter.begin();
        long sent = sendFor(sender, seconds);
        client.flush();
        meter.end();
        return meter.read(sent);
    }

    /** How many. */
    static long sendFor(Client.Sender sender, double seconds) throws Exception {
        long nanos = (long) (seconds * 1e9);
        long sent = 0;
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos; sent += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                sender.send();
            }
        }
        return sent;
    }

    @Override
    public void close() {}
}
