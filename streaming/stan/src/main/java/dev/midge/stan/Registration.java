// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.midge.client.Connection;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.Subscription;
import dev.midge.client.internal.Exchanges;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.Nuid;
import dev.midge.stan.pb.ConnectRequest;
import dev.midge.stan.pb.ConnectResponse;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Registers the client with the cluster: once, or again while nobody is subscribed to the discover subject, as with a server that
 * is starting. Of the event loop.
 */
final class Registration {
    /** Servers know pings from this version of the protocol on. */
    private static final int PROTOCOL = 1;

    /** Until it is asked again where nobody is. */
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Lifecycle lifecycle;
    private final StanOptions options;
    private final Exchanges exchanges;
    private final String what;
    private final byte[] connectionId = Nuid.next().getBytes(US_ASCII);
    private final long deadline;
    private final CompletableFuture<Session> session = new CompletableFuture<>();
    private byte[] request = {};
    private @Nullable Subscription heartbeats;

    private Registration(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
        options = lifecycle.nats().options();
        exchanges = lifecycle.nats().exchanges();
        what = "cannot connect client " + options.clientId() + " to cluster " + options.clusterId();
        long now = exchanges.now();
        deadline = now + Math.min(TimeUnit.NANOSECONDS.convert(options.connectTimeout()), Long.MAX_VALUE - now);
    }

    /** Completes on the event loop. */
    static CompletableFuture<Session> start(Lifecycle lifecycle) {
        Registration registration = new Registration(lifecycle);
        try {
            registration.begin();
        } catch (NatsException | IllegalArgumentException e) {
            registration.session.completeExceptionally(e);
        }
        return registration.session;
    }

    private void begin() {
        Connection connection = lifecycle.nats().connection();
        String inbox = lifecycle.nats().newInbox();
        heartbeats = connection.direct().subscribe(inbox, view -> answerHeartbeat(connection, view));
        request = ConnectRequest.newInstance()
                .setClientID(options.clientId())
                .setHeartbeatInbox(inbox)
                .setProtocol(PROTOCOL)
                .setConnID(connectionId)
                .setPingInterval((int) options.pingInterval().toSeconds())
                .setPingMaxOut(options.maxPingsOut())
                .toByteArray();
        discover();
    }

    private static void answerHeartbeat(Connection connection, MessageView heartbeat) {
        if (heartbeat.hasReplyTo()) {
            connection.direct().tryPublish(String.valueOf(heartbeat.replyTo()), null, Unpooled.EMPTY_BUFFER);
        }
    }

    private void discover() {
        Duration left = Duration.ofNanos(Math.max(1, deadline - exchanges.now()));
        var unused = Ask.send(exchanges, what, options.discoverSubject(), request, left, this::read)
                .whenComplete((response, failure) -> {
                    if (failure == null) {
                        lifecycle.nats().onLoop(() -> session.complete(response));
                    } else {
                        lifecycle.nats().onLoop(() -> failed(failure));
                    }
                });
    }

    private Session read(byte[] reply) throws java.io.IOException {
        ConnectResponse response = ConnectResponse.parseFrom(reply);
        Ask.check(what, response.getError());
        Subscription answering = heartbeats;
        if (answering == null
                || response.getPubPrefix().isEmpty()
                || response.getSubRequests().isEmpty()) {
            throw new StanException(
                    what + ": what answers on " + options.discoverSubject()
                            + " names no subjects, so it is no NATS Streaming server",
                    null);
        }
        return new Session(connectionId, answering, response);
    }

    private void failed(Throwable failure) {
        boolean nobody = failure instanceof Ask.NobodyException;
        if (nobody && deadline - exchanges.now() > AGAIN_NANOS && !lifecycle.isEnding()) {
            var unused = lifecycle.nats().schedule(this::discover, AGAIN_NANOS);
            return;
        }
        if (heartbeats != null) {
            heartbeats.unsubscribe();
        }
        session.completeExceptionally(
                nobody || failure instanceof NatsTimeoutException ? timedOut(nobody, failure) : failure);
    }

    private StanConnectTimeoutException timedOut(boolean nobody, Throwable cause) {
        String why = nobody
                ? "nobody is subscribed to " + options.discoverSubject()
                : "no answer on " + options.discoverSubject();
        return new StanConnectTimeoutException(
                what + " within " + options.connectTimeout() + ": " + why
                        + "; is there a server of this cluster id, and is the NATS connection ("
                        + lifecycle.nats().connection().status() + ") to where it is?",
                cause);
    }
}
