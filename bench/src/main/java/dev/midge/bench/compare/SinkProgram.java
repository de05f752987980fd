// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands in for a server that costs nothing, so that the contender is what limits: discards what is published, answers requests,
 * and, told {@code run SECONDS SUBJECT}, sends to the subscriptions of a subject for so long.
 */
final class SinkProgram {
    private final ServerSocketChannel listener;
    private final boolean answers;
    private final List<SinkConnection> connections = new CopyOnWriteArrayList<>();

    /** @param answers whether what comes are requests */
    SinkProgram(boolean answers) throws IOException {
        this.answers = answers;
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** The entry point. */
    public static void main(String[] args) {
        try {
            Job job = Job.parse(args);
            SinkProgram sink = new SinkProgram(Workload.named(job.workload()).isAnswered());
            sink.start();
            Turns.take(
                    System.in,
                    System.out,
                    sink.url(),
                    words -> sink.send(job, words[1], Turns.seconds(words)).line());
            System.exit(0);
        } catch (Throwable e) {
            Turns.fail(e);
        }
    }

    /** Takes connections from now on. */
    void start() {
        Thread thread = new Thread(this::accept, "sink-accept");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                SinkConnection connection = new SinkConnection(channel, answers);
                connections.add(connection);
                Thread thread = new Thread(connection, "sink-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    String url() throws IOException {
        return "nats://127.0.0.1:" + ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /** Sends the message of a job to all subscriptions of a subject for so long, and then the end of a run. */
    Outcome send(Job job, String subject, double seconds) throws IOException {
        for (SinkConnection connection : connections) {
            List<String> sids = connection.sids(subject);
            if (!sids.isEmpty()) {
                Meter meter = new Meter();
                meter.begin();
                long sent = connection.send(job, subject, sids, (long) (seconds * 1e9));
                meter.end();
                return meter.read(sent);
            }
        }
        throw new IOException("nobody subscribes to " + subject);
    }

    /** Takes no more connections; those it has end with their clients. */
    void close() throws IOException {
        listener.close();
    }
}
