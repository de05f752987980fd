// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

/** The program of a contender that runs in the JVM: what differs between clients is a {@link Client}. */
public final class ClientProgram {
    private ClientProgram() {}

    /** Takes turns at the job on the command line until it is told to end; ends the JVM. */
    public static void run(String[] args, Client.Connector connector) {
        try {
            Job job = Job.parse(args);
            Client client = connector.connect(job);
            try (client;
                    Work work = work(job, client, connector)) {
                String version = client.version() + ", JDK " + Runtime.version();
                Turns.take(
                        System.in,
                        System.out,
                        version,
                        words -> work.run(Turns.seconds(words)).line());
            }
            System.exit(0);
        } catch (Throwable e) {
            Turns.fail(e);
        }
    }

    private static Work work(Job job, Client client, Client.Connector connector) throws Exception {
        return switch (Workload.named(job.workload())) {
            case PUBLISH -> new SendWork(client, client.sender(job));
            case SUBSCRIBE -> new ReceiveWork(client, job.subject(), 1);
            case FAN_OUT -> new ReceiveWork(client, job.subject(), job.subscriptions());
            case PUBLISH_SUBSCRIBE -> new LoopWork(client, connector.connect(job), job);
            case REQUEST -> new RequestWork(client.requester(job));
            case REQUEST_MANY -> new FlightWork(client.requester(job), job.inFlight());
            case IDLE -> new IdleWork(client, connector, job, 1);
            case CONNECTIONS -> new IdleWork(client, connector, job, job.connections());
            case JS_PUBLISH, STAN_PUBLISH -> new AckedWork(client.ackedSender(job));
            case JS_CONSUME -> new ConsumeWork(client, job);
        };
    }
}
