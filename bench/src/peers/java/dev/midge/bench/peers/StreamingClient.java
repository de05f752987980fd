// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.peers;

import dev.midge.bench.compare.Client;
import dev.midge.bench.compare.ClientProgram;
import dev.midge.bench.compare.Job;
import io.nats.streaming.AckHandler;
import io.nats.streaming.NatsStreaming;
import io.nats.streaming.Options;
import io.nats.streaming.StreamingConnection;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** The java-nats-streaming client, which has a window of acks of its own. */
public final class StreamingClient implements Client {
    private final StreamingConnection connection;

    private StreamingClient(Job job) throws Exception {
        connection = NatsStreaming.connect(
                job.cluster(),
                "peer-" + ProcessHandle.current().pid(),
                new Options.Builder()
                        .natsUrl(job.url())
                        .maxPubAcksInFlight(job.inFlight())
                        .build());
    }

    /** The entry point. */
    public static void main(String[] args) {
        ClientProgram.run(args, StreamingClient::new);
    }

    @Override
    public String version() {
        return "java-nats-streaming 2.2.3";
    }

    @Override
    public void flush() {
        // its acks say that the server has had all
    }

    @Override
    public AckedSender ackedSender(Job job) {
        byte[] payload = job.payload();
        String subject = job.subject();
        Semaphore acked = new Semaphore(0);
        AtomicReference<Exception> failure = new AtomicReference<>();
        AckHandler handler = (guid, e) -> {
            if (e != null) {
                failure.compareAndSet(null, e);
            }
            acked.release();
        };
        return new AckedSender() {
            private int sent;

            @Override
            public void send() throws Exception {
                String unused = connection.publish(subject, payload, handler);
                sent++;
            }

            @Override
            public void awaitAll() throws Exception {
                acked.acquire(sent);
                sent = 0;
                if (failure.get() != null) {
                    throw failure.get();
                }
            }
        };
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (TimeoutException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
