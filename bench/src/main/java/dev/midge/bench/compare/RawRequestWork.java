// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.midge.bench.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Writes requests encoded beforehand, as many as replies have come: so many are under way at any time. */
final class RawRequestWork implements Work {
    private static final long MAX = TimeUnit.SECONDS.toNanos(60);
    private static final int DIGITS = 3;

    private final RawClient socket;
    private final int inFlight;
    private final ByteBuffer requests;
    private final int requestBytes;
    private final int replyBytes;
    private final Meter meter = new Meter();
    private final Histogram latencies = new Histogram(MAX, DIGITS);
    private long asked;
    private long bytes;

    RawRequestWork(RawClient socket, Job job, int inFlight) throws IOException {
        this.socket = socket;
        this.inFlight = inFlight;
        String inbox = "_INBOX." + ProcessHandle.current().pid();
        socket.write("SUB " + inbox + " 1\r\n");
        socket.flush();
        byte[] request = job.frame("PUB " + Job.ECHO_SUBJECT + " " + inbox);
        requestBytes = request.length;
        replyBytes = job.frame("MSG " + inbox + " 1").length;
        requests = ByteBuffer.allocateDirect(inFlight * request.length);
        while (requests.hasRemaining()) {
            requests.put(request);
        }
    }

    @Override
    public Outcome run(double seconds) throws IOException {
        long nanos = (long) (seconds * 1e9);
        latencies.reset();
        meter.begin();
        long before = answered();
        socket.writeFully(
                ByteBuffer.wrap("PONG\r\n".getBytes(US_ASCII))); // to what the server may have asked meanwhile
        long begin = System.nanoTime();
        for (long start = begin; start - begin < nanos; ) {
            long answered = answered();
            ask((int) (inFlight - (asked - answered)));
            do {
                bytes += socket.read();
            } while (answered() == answered);
            long now = System.nanoTime();
            if (inFlight == 1) {
                latencies.recordValue(Math.min(now - start, MAX));
            }
            start = now;
        }
        while (answered() < asked) {
            bytes += socket.read();
        }
        meter.end();
        Outcome outcome = meter.read(answered() - before);
        return inFlight == 1 ? outcome.withLatencies(latencies) : outcome;
    }

    private void ask(int more) throws IOException {
        if (more > 0) {
            socket.writeFully(requests.clear().limit(more * requestBytes));
            asked += more;
        }
    }

    /** A PING of the server among them does not matter: it is shorter than a reply. */
    private long answered() {
        return bytes / replyBytes;
    }

    @Override
    public void close() {}
}
