// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.midge.bench.RawClient;
import java.io.IOException;
import java.util.Arrays;

/**
 * Counts the bytes that come, and looks no further than whether they end as the last message does. As all frames but the last ones
 * are of the same lengths, their number follows from it.
 */
final class RawReceiveWork implements Work {
    /** What a message without payload ends with, and no other one. */
    private static final byte[] END = " 0\r\n\r\n".getBytes(US_ASCII);

    /** The server asks now and then. */
    private static final int PING = "PING\r\n".length();

    private static final int MOST_PINGS = 3;

    private final RawClient socket;
    private final int subscriptions;
    private final Meter meter = new Meter();

    /** Of a message to all subscriptions, and of the last one. */
    private final long messageBytes;

    private final long endBytes;

    RawReceiveWork(RawClient socket, Job job, int subscriptions) throws IOException {
        this.socket = socket;
        this.subscriptions = subscriptions;
        long message = 0;
        long end = 0;
        for (int sid = 1; sid <= subscriptions; sid++) {
            String start = "MSG " + job.subject() + " " + sid;
            message += job.frame(start).length;
            end += start.length() + END.length;
            socket.write("SUB " + job.subject() + " " + sid + "\r\n");
        }
        messageBytes = message;
        endBytes = end;
        socket.flush();
    }

    @Override
    public Outcome run(double seconds) throws IOException {
        socket.write("PONG\r\n"); // to what the server may have asked meanwhile
        byte[] last = new byte[END.length];
        long bytes = socket.read(last);
        meter.begin();
        while (!isEnd(bytes, last)) {
            bytes += socket.read(last);
        }
        meter.end();
        return meter.read((bytes - endBytes) / messageBytes * subscriptions);
    }

    /** The last messages to all subscriptions must have come, and they come in any order. */
    private boolean isEnd(long bytes, byte[] last) {
        return Arrays.equals(last, END)
                && bytes >= endBytes
                && (bytes - endBytes) % messageBytes % PING == 0
                && (bytes - endBytes) % messageBytes <= (long) MOST_PINGS * PING;
    }

    @Override
    public void close() {}
}
