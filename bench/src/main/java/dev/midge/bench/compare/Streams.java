// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.jetstream.AckPolicy;
import dev.midge.jetstream.ConsumerConfig;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.StorageType;
import dev.midge.jetstream.StreamConfig;
import java.util.List;

/** The streams of a cell, one for each contender. */
final class Streams implements AutoCloseable {
    private static final String CONSUMER = "bench";
    private static final int IN_FLIGHT = 1024;

    private final Cell cell;
    private final MidgeClient client;
    private final JetStream js;
    private long filled;

    Streams(Cell cell, String url) {
        this.cell = cell;
        client = new MidgeClient(Job.parse("--workload", cell.workload().label(), "--url", url));
        js = JetStream.of(client.connection());
    }

    /** One for a subject, and a consumer; the arguments that tell a contender. */
    List<String> create(String subject) {
        String name = name(subject);
        js.streamNames().stream().filter(name::equals).forEach(js::deleteStream);
        js.createStream(StreamConfig.builder(name)
                        .subjects(subject)
                        .storage(cell.storage().equals("file") ? StorageType.FILE : StorageType.MEMORY)
                        .build())
                .createConsumer(ConsumerConfig.builder()
                        .durable(CONSUMER)
                        .ackPolicy(AckPolicy.EXPLICIT)
                        .build());
        return List.of("--stream", name, "--storage", cell.storage(), "--consumer", CONSUMER);
    }

    private static String name(String subject) {
        return subject.replace('.', '-');
    }

    /** Publishes into it for so long, and then the message that is the end of a run. */
    void fill(String subject, double seconds) {
        try {
            Job job = Job.parse(
                    "--workload",
                    cell.workload().label(),
                    "--url",
                    "",
                    "--subject",
                    subject,
                    "--size",
                    Integer.toString(cell.size()),
                    "--headers",
                    Integer.toString(cell.headers()),
                    "--in-flight",
                    Integer.toString(IN_FLIGHT));
            Client.AckedSender sender = client.ackedSender(job);
            filled = SendWork.sendFor(sender, seconds);
            sender.awaitAll();
            Client.AckedSender end = client.ackedSender(job.end());
            end.send();
            end.awaitAll();
        } catch (Exception e) {
            throw new IllegalStateException("cannot fill stream " + name(subject) + ": " + e, e);
        }
    }

    /** How many messages it was filled with, without the last one. */
    long filled() {
        return filled;
    }

    /** Empties it. */
    void purge(String subject) {
        js.stream(name(subject)).purge();
    }

    @Override
    public void close() {
        js.streamNames().stream().filter(name -> name.startsWith("bench-cell-")).forEach(js::deleteStream);
        client.close();
    }
}
