// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.stan.Stan;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanOptions;

/** Midge's NATS Streaming. */
final class MidgeStanClient extends MidgeClient {
    private final StanConnection stan;

    private MidgeStanClient(Job job) {
        super(job);
        stan = Stan.connect(
                connection(),
                StanOptions.builder(
                                job.cluster(),
                                "midge-" + ProcessHandle.current().pid())
                        .maxPubAcksInFlight(job.inFlight())
                        .build());
    }

    /** The entry point. */
    public static void main(String[] args) {
        ClientProgram.run(args, MidgeStanClient::new);
    }

    @Override
    public AckedSender ackedSender(Job job) {
        byte[] payload = job.payload();
        String subject = job.subject();
        return new AckRing(job.inFlight(), () -> stan.publishAsync(subject, payload));
    }

    @Override
    public void close() {
        stan.close();
        super.close();
    }
}
