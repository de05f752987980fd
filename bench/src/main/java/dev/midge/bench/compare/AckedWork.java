// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

/** Publishes what is stored for so long, and waits until all is acknowledged. */
final class AckedWork implements Work {
    private final Client.AckedSender sender;
    private final Meter meter = new Meter();

    AckedWork(Client.AckedSender sender) {
        this.sender = sender;
    }

    @Override
    public Outcome run(double seconds) throws Exception {
        meter.begin();
        long sent = SendWork.sendFor(sender, seconds);
        sender.awaitAll();
        meter.end();
        return meter.read(sent);
    }

    @Override
    public void close() {}
}
