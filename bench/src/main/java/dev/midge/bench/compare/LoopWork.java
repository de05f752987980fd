// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;

/** Publishes by one connection what it receives by another one. */
final class LoopWork implements Work {
    private final Client publishing;
    private final Client.Sender sender;
    private final Client.Sender end;
    private final Meter meter = new Meter();
    private final Reception reception = new Reception(meter);

    LoopWork(Client subscribed, Client publishing, Job job) throws Exception {
        this.publishing = publishing;
        sender = publishing.sender(job);
        end = publishing.sender(job.end());
        subscribed.subscribe(job.subject(), reception);
        subscribed.flush();
    }

    @Override
    public Outcome run(double seconds) throws Exception {
        meter.begin();
        long sent = SendWork.sendFor(sender, seconds);
        end.send();
        publishing.flush();
        long received = reception.await();
        if (received != sent) {
            throw new IllegalStateException("lost " + (sent - received) + " of " + sent + " messages");
        }
        return meter.read(received);
    }

    @Override
    public void close() throws IOException {
        publishing.close();
    }
}
