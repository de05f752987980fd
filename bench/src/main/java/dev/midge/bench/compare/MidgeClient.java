// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.JetStreamOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Midge, by what {@link Connection} has. */
class MidgeClient implements Client {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Connection nc;

    MidgeClient(Job job) {
        nc = Nats.connect(Options.builder()
                .servers(job.url())
                .connectTimeout(PATIENCE)
                .pendingLimits(Long.MAX_VALUE, Long.MAX_VALUE)
                .build());
    }

    /** The entry point. */
    public static void main(String[] args) {
        ClientProgram.run(args, MidgeClient::new);
    }

    Connection connection() {
        return nc;
    }

    @Override
    public String version() {
        return "midge";
    }

    @Override
    public Sender sender(Job job) {
        byte[] payload = job.payload();
        String subject = job.subject();
        if (job.headers() == 0) {
            return () -> nc.publish(subject, payload);
        }
        Message message = message(subject, job);
        return () -> nc.publish(message);
    }

    private static Message message(String subject, Job job) {
        var builder = Message.to(subject).data(job.payload());
        job.headerNames().forEach(name -> builder.header(name, Job.headerValue(name)));
        return builder.build();
    }

    @Override
    public void flush() {
        nc.flush(PATIENCE);
    }

    @Override
    public void subscribe(String subject, Receiver receiver) throws Exception {
        nc.subscribe(subject, message -> receiver.received(message.size()));
    }

    @Override
    public Requester requester(Job job) {
        byte[] payload = job.payload();
        if (job.headers() == 0) {
            return requester(
                    () -> nc.request(Job.ECHO_SUBJECT, payload, PATIENCE),
                    () -> nc.requestAsync(Job.ECHO_SUBJECT, payload, PATIENCE));
        }
        Message message = message(Job.ECHO_SUBJECT, job);
        return requester(() -> nc.request(message, PATIENCE), () -> nc.requestAsync(message, PATIENCE));
    }

    private interface Asking {
        Message request();
    }

    private interface AsyncAsking {
        CompletableFuture<Message> request();
    }

    private static Requester requester(Asking one, AsyncAsking many) {
        return new Requester() {
            @Override
            public void request() {
                Message unused = one.request();
            }

            @Override
            public CompletableFuture<?> requestAsync() {
                return many.request();
            }
        };
    }

    @Override
    public AckedSender ackedSender(Job job) {
        JetStream js = JetStream.of(
                nc, JetStreamOptions.builder().publishWindow(job.inFlight()).build());
        byte[] payload = job.payload();
        String subject = job.subject();
        Message message = message(subject, job);
        return new AckRing(
                job.inFlight(),
                job.headers() == 0 ? () -> js.publishAsync(subject, payload) : () -> js.publishAsync(message));
    }

    @Override
    public AutoCloseable consume(Job job, Receiver receiver) {
        return JetStream.of(nc).stream(job.stream()).consumer(job.consumer()).consume(message -> {
            message.ack();
            receiver.received(message.size());
        });
    }

    @Override
    public void close() {
        nc.close();
    }
}
