// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

/** Consumes what is in a stream, with an ack for each message. */
final class ConsumeWork implements Work {
    private final Client client;
    private final Job job;
    private final Meter meter = new Meter();
    private final Reception reception = new Reception(meter);

    ConsumeWork(Client client, Job job) {
        this.client = client;
        this.job = job;
    }

    @Override
    public Outcome run(double seconds) throws Exception {
        AutoCloseable consumption = client.consume(job, reception);
        long messages = reception.await();
        client.flush();
        meter.end();
        consumption.close();
        return meter.read(messages);
    }

    @Override
    public void close() {}
}
