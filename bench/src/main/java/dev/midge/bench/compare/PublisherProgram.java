// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.bench.RawClient;

/** What feeds subscribers: {@code run SECONDS SUBJECT} publishes for so long, and then the message that is the end of a run. */
final class PublisherProgram {
    private PublisherProgram() {}

    /** The entry point. */
    public static void main(String[] args) {
        try {
            Job job = Job.parse(args);
            try (RawClient socket = RawClient.connect(job.url())) {
                Turns.take(System.in, System.out, "publisher", words -> publish(socket, job, words));
            }
            System.exit(0);
        } catch (Throwable e) {
            Turns.fail(e);
        }
    }

    private static String publish(RawClient socket, Job job, String[] words) throws Exception {
        Meter meter = new Meter();
        String subject = words[1];
        meter.begin();
        socket.write("PONG\r\n"); // to what the server may have asked meanwhile
        long sent = socket.publish(job.frame("PUB " + subject), (long) (Turns.seconds(words) * 1e9));
        socket.write("PUB " + subject + " 0\r\n\r\n");
        socket.flush();
        meter.end();
        return meter.read(sent).line();
    }
}
