// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.bench.RawClient;

/** The ceiling that server and kernel set: a plain socket that does what a client at least has to. */
final class RawProgram {
    private RawProgram() {}

    /** The entry point. */
    public static void main(String[] args) {
        try {
            Job job = Job.parse(args);
            try (RawClient socket = RawClient.connect(job.url());
                    Work work = work(job, socket)) {
                Turns.take(
                        System.in,
                        System.out,
                        "plain socket",
                        words -> work.run(Turns.seconds(words)).line());
            }
            System.exit(0);
        } catch (Throwable e) {
            Turns.fail(e);
        }
    }

    private static Work work(Job job, RawClient socket) throws Exception {
        return switch (Workload.named(job.workload())) {
            case PUBLISH -> new RawSendWork(socket, job);
            case SUBSCRIBE -> new RawReceiveWork(socket, job, 1);
            case FAN_OUT -> new RawReceiveWork(socket, job, job.subscriptions());
            case REQUEST -> new RawRequestWork(socket, job, 1);
            case REQUEST_MANY -> new RawRequestWork(socket, job, job.inFlight());
            default -> throw new UnsupportedOperationException("a plain socket cannot do " + job.workload());
        };
    }
}
