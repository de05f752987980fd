// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.peers;

import dev.midge.bench.compare.AckRing;
import dev.midge.bench.compare.Client;
import dev.midge.bench.compare.ClientProgram;
import dev.midge.bench.compare.Job;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.MessageConsumer;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The jnats client. */
public final class JnatsClient implements Client {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ECHO = "bench.echo";

    private final Connection nc;

    /** One for all subscriptions, as each is a thread. */
    private @Nullable Dispatcher dispatcher;

    private JnatsClient(Job job) throws Exception {
        nc = Nats.connect(Options.builder().server(job.url()).build());
    }

    /** The entry point. */
    public static void main(String[] args) {
        ClientProgram.run(args, JnatsClient::new);
    }

    @Override
    public String version() {
        return "jnats " + Nats.CLIENT_VERSION;
    }

    private static Headers headers(Job job) {
        Headers headers = new Headers();
        job.headerNames().forEach(name -> headers.add(name, Job.headerValue(name)));
        return headers;
    }

    @Override
    public Sender sender(Job job) {
        byte[] payload = job.payload();
        String subject = job.subject();
        if (job.headers() == 0) {
            return () -> nc.publish(subject, payload);
        }
        Headers headers = headers(job);
        return () -> nc.publish(subject, headers, payload);
    }

    @Override
    public void flush() throws Exception {
        nc.flush(PATIENCE);
    }

    @Override
    public void subscribe(String subject, Receiver receiver) {
        Dispatcher shared = dispatcher;
        if (shared == null) {
            shared = nc.createDispatcher();
            shared.setPendingLimits(-1, -1);
            dispatcher = shared;
        }
        shared.subscribe(subject, message -> receiver.received(message.getData().length));
    }

    @Override
    public Requester requester(Job job) {
        byte[] payload = job.payload();
        Headers headers = job.headers() == 0 ? null : headers(job);
        return new Requester() {
            @Override
            public void request() throws Exception {
                if (nc.request(ECHO, headers, payload, PATIENCE) == null) {
                    throw new IllegalStateException("no reply");
                }
            }

            @Override
            public CompletableFuture<?> requestAsync() {
                return nc.requestWithTimeout(ECHO, headers, payload, PATIENCE);
            }
        };
    }

    @Override
    public AckedSender ackedSender(Job job) throws Exception {
        JetStream js = nc.jetStream();
        byte[] payload = job.payload();
        String subject = job.subject();
        Headers headers = job.headers() == 0 ? null : headers(job);
        return new AckRing(job.inFlight(), () -> js.publishAsync(subject, headers, payload));
    }

    @Override
    public AutoCloseable consume(Job job, Receiver receiver) throws Exception {
        MessageConsumer consumer = nc.getStreamContext(job.stream())
                .getConsumerContext(job.consumer())
                .consume(message -> {
                    message.ack();
                    receiver.received(message.getData().length);
                });
        return consumer;
    }

    @Override
    public void close() {
        try {
            nc.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
