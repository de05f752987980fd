// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.bench.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What feeds subscribers: {@code run SECONDS SUBJECT} publishes for so long, and then the message that is the end of a run. */
final class PublisherProgram {
    /** Bytes. */
    private static final int STEP = 1024;

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

    /**
     * A hundredfold of what is published leaves the server, which slows a publisher down only between the pieces that it reads from
     * it: so it gets small ones, and the subscriber does not fall behind for more than the server has room for.
     */
    private static long publishInSteps(RawClient socket, byte[] frame, long nanos) throws IOException {
        int messages = STEP / frame.length + 1;
        ByteBuffer step = ByteBuffer.allocateDirect(messages * frame.length);
        while (step.hasRemaining()) {
            step.put(frame);
        }
        long sent = 0;
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos; sent += messages) {
            socket.writeFully(step.clear());
            socket.flush();
        }
        return sent;
    }

    private static String publish(RawClient socket, Job job, String[] words) throws Exception {
        Meter meter = new Meter();
        String subject = words[1];
        meter.begin();
        socket.write("PONG\r\n"); // to what the server may have asked meanwhile
        byte[] frame = job.frame("PUB " + subject);
        long nanos = (long) (Turns.seconds(words) * 1e9);
        long sent = Workload.named(job.workload()) == Workload.FAN_OUT
                ? publishInSteps(socket, frame, nanos)
                : socket.publish(frame, nanos);
        socket.write("PUB " + subject + " 0\r\n\r\n");
        socket.flush();
        meter.end();
        return meter.read(sent).line();
    }
}
