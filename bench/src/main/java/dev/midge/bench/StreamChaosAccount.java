// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static dev.midge.bench.StreamChaosWait.succeeds;
import static dev.midge.bench.StreamChaosWait.within;

import dev.midge.jetstream.Stream;
import java.util.BitSet;
import java.util.List;
import java.util.stream.StreamSupport;

/** What was confirmed, stored, consumed and left behind at the end of a {@link StreamChaosRun}. */
record StreamChaosAccount(
        Stream stream,
        List<StreamChaosPublisher> talking,
        List<StreamChaosConsumer> hearing,
        StreamChaosReport report) {
    void settle(int durables) {
        long stored = stored();
        for (StreamChaosConsumer consumer : hearing) {
            settle(consumer, stored);
        }
        leftBehind(durables);
    }

    private long stored() {
        long attempts = 0;
        for (StreamChaosPublisher publisher : talking) {
            report.confirmed += publisher.confirmed();
            attempts += publisher.attempts();
        }
        long[] stored = new long[1];
        within(() -> succeeds(() -> stored[0] = stream.info().state().lastSeq()) && stored[0] >= report.confirmed);
        report.line(String.format("publish       %,d confirmed of %,d attempts", report.confirmed, attempts));
        report.line(String.format("stream        %,d messages", stored[0]));
        report.expect("the stream has what it has confirmed: " + stored[0], stored[0] >= report.confirmed);
        return stored[0];
    }

    private void settle(StreamChaosConsumer consumer, long stored) {
        List<StreamChaosConsumer> together = hearing.stream()
                .filter(other -> other == consumer || other.sharesWith(consumer))
                .toList();
        report.expect(
                consumer.name() + " gets all that was confirmed",
                within(() -> talking.stream().allMatch(publisher -> hasAll(together, publisher))));
        if (consumer.isOrdered()) {
            within(() -> consumer.lastSequence() >= stored);
            report.expect(
                    consumer.name() + " has no gap and no duplicate",
                    consumer.outOfOrder() == 0
                            && consumer.duplicates() == 0
                            && consumer.received() == consumer.lastSequence());
        }
        report.expect(
                consumer.name() + " is active: " + consumer.run().failure(),
                consumer.run().isActive());
        report.received += consumer.received();
        report.line(String.format(
                "consumed      %s: %,d, %,d of them again, %,d out of order, %d restarts",
                consumer.name(),
                consumer.received(),
                consumer.duplicates(),
                consumer.outOfOrder(),
                consumer.restarts()));
    }

    private void leftBehind(int durables) {
        long reading = hearing.stream().filter(StreamChaosConsumer::isOrdered).count();
        long[] left = new long[1];
        boolean few = within(() -> succeeds(() -> left[0] = consumers()) && left[0] <= durables + reading);
        report.line(String.format(
                "left          %d consumers of those that read in order, %d read", left[0] - durables, reading));
        report.expect("no more consumers than read in order are left on the server: " + left[0], few);
        hearing.forEach(consumer -> consumer.run().stop());
        boolean none = within(() -> succeeds(() -> left[0] = consumers()) && left[0] == durables);
        report.expect("none of them is left behind the end: " + left[0], none);
    }

    private long consumers() {
        return StreamSupport.stream(stream.consumerNames().spliterator(), false).count();
    }

    private boolean hasAll(List<StreamChaosConsumer> together, StreamChaosPublisher publisher) {
        BitSet all = new BitSet();
        together.forEach(consumer -> consumer.addTo(publisher.index(), all));
        long upTo = publisher.confirmed();
        return all.get(1, Math.toIntExact(upTo) + 1).cardinality() == upTo;
    }
}
