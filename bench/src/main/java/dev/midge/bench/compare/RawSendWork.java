// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.bench.RawClient;
import java.io.IOException;

/** Writes frames encoded beforehand. */
final class RawSendWork implements Work {
    private final RawClient socket;
    private final byte[] frame;
    private final Meter meter = new Meter();

    RawSendWork(RawClient socket, Job job) {
        this.socket = socket;
        frame = job.frame("PUB " + job.subject());
    }

    @Override
    public Outcome run(double seconds) throws IOException {
        meter.begin();
        socket.write("PONG\r\n"); // to what the server may have asked meanwhile
        long sent = socket.publish(frame, (long) (seconds * 1e9));
        socket.flush();
        meter.end();
        return meter.read(sent);
    }

    @Override
    public void close() {}
}
