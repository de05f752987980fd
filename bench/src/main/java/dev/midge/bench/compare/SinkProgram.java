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
final class SinkProgram implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final boolean answers;
    private final List<SinkConnection> connections = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

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
        start(this::accept, "sink-accept");
    }

    private void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                SinkConnection connection = new SinkConnection(channel, answers);
                connections.add(connection);
                start(
                        () -> {
                            connection.run();
                            connections.remove(connection);
                        },
                        "sink-connection");
            }
        } catch (IOException e) {
            // closed
        }
    }

    String url() throws IOException {
        return "nats://127.0.0.1:" + ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /** Sends the message of a job to all subscriptions of a subject for so long, and then the end of a run; nothing to nobody. */
    Outcome send(Job job, String subject, double seconds) {
        Meter meter = new Meter();
        meter.begin();
        long sent = 0;
        for (SinkConnection connection : connections) {
            List<String> sids = connection.sids(subject);
            if (!sids.isEmpty()) {
                sent = connection.send(job, subject, sids, (long) (seconds * 1e9));
            }
        }
        meter.end();
        return meter.read(sent);
    }

    /** Ends all connections, and waits for the end of their threads. */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            for (int i = 0; i < threads.size(); i++) { // the first one is what adds others
                if (i == 1) {
                    for (SinkConnection connection : connections) {
                        connection.close();
                    }
                }
                threads.get(i).join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
