// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.ConnectionStatus;
import dev.midge.stan.pb.ConnectResponse;
import dev.midge.stan.pb.Ping;
import dev.midge.stan.pb.PingResponse;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server, again and again, whether it knows the session. Of the event loop. Time without a NATS connection does not
 * count: nothing is known of the server then.
 */
final class Pings {
    /** Until the server is asked again that may just have come up. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Lifecycle lifecycle;
    private final Session session;
    private final ConnectResponse subjects;
    private final byte[] ping;
    private final long intervalNanos;
    private final Duration patience;
    private int out;
    private boolean verifying;
    private boolean stopped;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable ScheduledFuture<?> soon;

    Pings(Lifecycle lifecycle, Session session) {
        this.lifecycle = lifecycle;
        this.session = session;
        subjects = session.subjects();
        ping = Ping.newInstance().setConnID(session.connectionId()).toByteArray();
        Duration interval = Duration.ofSeconds(subjects.getPingInterval());
        intervalNanos = interval.toNanos();
        patience = interval.multipliedBy(Math.max(1, subjects.getPingMaxOut()));
    }

    void start() {
        if (isWanted()) {
            timer = lifecycle.nats().schedule(this::tick, intervalNanos);
        }
    }

    /** Servers before 0.10 know no pings. */
    private boolean isWanted() {
        return subjects.getProtocol() >= 1 && !subjects.getPingRequests().isEmpty() && intervalNanos > 0;
    }

    void stop() {
        stopped = true;
        cancel(timer);
        cancel(soon);
    }

    private static void cancel(@Nullable ScheduledFuture<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }

    private void tick() {
        if (stopped) {
            return;
        }
        if (isConnected()) {
            out++;
            if (out > subjects.getPingMaxOut()) {
                lifecycle.lost(
                        session,
                        StanEndReason.MAX_PINGS,
                        subjects.getPingMaxOut() + " pings, one every " + Duration.ofNanos(intervalNanos)
                                + ", had no answer");
                return;
            }
            send(false);
        }
        timer = lifecycle.nats().schedule(this::tick, intervalNanos);
    }

    private boolean isConnected() {
        ConnectionStatus status = lifecycle.nats().connection().status();
        return status == ConnectionStatus.CONNECTED || status == ConnectionStatus.DRAINING;
    }

    /** There is reason to doubt it: asks at once, and until there is an answer. */
    void verify() {
        if (isWanted() && !verifying && !stopped) {
            verifying = true;
            send(true);
        }
    }

    private void send(boolean verifies) {
        var unused = Ask.send(
                        lifecycle.nats().exchanges(),
                        "ping",
                        subjects.getPingRequests(),
                        ping,
                        patience,
                        reply -> PingResponse.parseFrom(reply).getError())
                .whenComplete((error, failure) -> lifecycle.nats().onLoop(() -> answered(verifies, error, failure)));
    }

    private void answered(boolean verifies, @Nullable String error, @Nullable Throwable failure) {
        if (stopped) {
            return;
        }
        if (failure == null && error != null) {
            out = 0;
            verifying = false;
            if (!error.isEmpty()) {
                lifecycle.lost(session, StanEndReason.REPLACED, "the server says \"" + error + "\"");
            }
        } else if (verifies) {
            if (isConnected()) {
                soon = lifecycle.nats().schedule(() -> send(true), SOON_NANOS);
            } else {
                verifying = false; // it will be asked for again behind the reconnect
            }
        }
    }
}
