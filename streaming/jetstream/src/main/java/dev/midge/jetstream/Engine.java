// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.ConnectionListener;
import dev.midge.client.ConnectionStatus;
import dev.midge.client.Message;
import dev.midge.client.MessageHandler;
import dev.midge.client.Subscription;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What all consumptions are: a subscription, a connection that comes and goes, heartbeats, and an end. The state is of the
 * connection's event loop; what other threads call says so.
 *
 * <p>When it ends, so does the subscription, in order: what has come is still consumed.
 */
abstract class Engine implements ConnectionListener {
    /** Looks for heartbeats so often in the time between two: it is known so exactly when something came last. */
    private static final int TICKS_PER_HEARTBEAT = 8;

    /** Nothing came for two heartbeats, at least. */
    private static final int SILENT_TICKS = 2 * TICKS_PER_HEARTBEAT;

    /** The first heartbeat behind a question is due in one: where there is none, nobody may have been asked. */
    private static final int UNANSWERED_TICKS = TICKS_PER_HEARTBEAT + TICKS_PER_HEARTBEAT / 2;

    /** Without heartbeats it is looked whether the connection is back, in case its listeners stand still. */
    private static final long TICK_WITHOUT_HEARTBEATS = TimeUnit.SECONDS.toNanos(5);

    /** How often it must have been found that there is no consumer, as the answer may be of a server that has just begun. */
    private static final int SURELY_GONE = 2;

    /** Until it is looked again. */
    private static final long ONCE_MORE = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Api api;
    private final String what;
    private final ConsumerName consumer;
    private final @Nullable Duration heartbeat;
    private final Reports reports;
    private final Connection connection;
    private final ScheduledExecutorService loop;

    private @Nullable Subscription subscription;
    private boolean connected;
    private boolean heard;
    private boolean answered = true;
    private int silentTicks;
    private int timesGone;
    private boolean verifying;
    private @Nullable ScheduledFuture<?> ticks;
    private @Nullable ScheduledFuture<?> verification;
    private Runnable onEnd = () -> {};

    private volatile @Nullable ConsumeEnd end;
    private volatile @Nullable JetStreamException failure;

    /** @param what as in {@code consume from consumer C of stream S}, for exceptions */
    Engine(
            Api api,
            String what,
            ConsumerName consumer,
            @Nullable Duration heartbeat,
            java.util.function.@Nullable Consumer<ConsumeEvent> listener) {
        this.api = api;
        this.what = what;
        this.consumer = consumer;
        this.heartbeat = heartbeat;
        connection = api.connection();
        loop = connection.direct().eventLoop();
        reports = new Reports(what, connection, listener);
    }

    /** Before it is opened: what is to run on the executor when it has ended, and all that came was handled, or that took too long. */
    final void onEnd(Runnable task) {
        onEnd = task;
    }

    /**
     * From any thread, once: subscribes, and begins.
     *
     * @param handler null for a subscription to be asked for its messages
     */
    final Subscription open(@Nullable MessageHandler handler) {
        Subscription opened = subscribe(handler);
        connection.addListener(this);
        onLoop(() -> begin(opened));
        return opened;
    }

    private void begin(Subscription opened) {
        subscription = opened;
        if (end != null) { // it was stopped before it began
            connection.removeListener(this);
            opened.unsubscribe();
            return;
        }
        long tick = heartbeat == null ? TICK_WITHOUT_HEARTBEATS : heartbeat.toNanos() / TICKS_PER_HEARTBEAT;
        ticks = loop.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.NANOSECONDS);
        onBegin();
        if (connection.status() == ConnectionStatus.CLOSED) {
            finish(ConsumeEnd.CONNECTION_CLOSED, null); // it may have ended before it had this listener
        } else if (connection.status() == ConnectionStatus.CONNECTED) {
            connected();
        }
    }

    // What differs.

    /** From any thread: how many messages it is for. */
    abstract long wanted();

    /** From any thread: subscribes. */
    abstract Subscription subscribe(@Nullable MessageHandler handler);

    /** On the event loop: begins, before a server is asked for anything. */
    void onBegin() {}

    /** On the event loop: there is a server, perhaps another one. */
    abstract void onServer();

    /** On the event loop: there is none. */
    abstract void onNoServer();

    /** On the event loop: whether heartbeats should come now. */
    abstract boolean awaitsHeartbeats();

    /** On the event loop: nothing came for too long. */
    abstract void onSilence();

    /** On the event loop: it has ended. */
    void onEnded() {}

    /** By the one that consumes: a message was handled. */
    abstract void handled(Message message);

    /** By the one that consumes: the turn of a status that was passed on has come. */
    void passed(Message status) {}

    // Heartbeats, servers, and whether there still is a consumer.

    private void connected() {
        connected = true;
        silentTicks = 0;
        onServer();
    }

    final boolean isConnected() {
        return connected;
    }

    /** Something came. */
    final void heard() {
        if (!heard) { // written to seldom: what lies beside it is read by other threads
            heard = true;
        }
    }

    /** Something came that only the consumer sends. */
    final void isThere() {
        if (timesGone != 0) {
            timesGone = 0;
        }
    }

    /** It was asked for something: what comes counts from now. */
    final void asked() {
        silentTicks = 0;
        heard = false;
        answered = false;
    }

    private void tick() {
        if (!connected) {
            // told so by the listener, unless that stands still
            if (connection.status() == ConnectionStatus.CONNECTED && ++silentTicks > 1) {
                connected();
            }
        } else if (heard || heartbeat == null || !awaitsHeartbeats()) {
            answered |= heard;
            heard = false;
            silentTicks = 0;
        } else if (++silentTicks >= (answered ? SILENT_TICKS : UNANSWERED_TICKS)) {
            Duration silence = heartbeat.multipliedBy(silentTicks).dividedBy(TICKS_PER_HEARTBEAT);
            silentTicks = 0;
            reports.tell(new ConsumeEvent.HeartbeatsMissed(silence));
            onSilence();
        }
    }

    /** Nobody answers: there may be no leader at present, or no consumer any more. */
    final void verify() {
        if (verifying) {
            return;
        }
        verifying = true;
        String subject = "CONSUMER.INFO." + consumer.stream() + "." + consumer.name();
        var unused = AsyncApi.ask(api, what, subject, null)
                .whenComplete((info, problem) -> onLoop(() -> verified(AsyncApi.cause(problem))));
    }

    private void verified(@Nullable Throwable problem) {
        verifying = false;
        if (end != null) {
            return;
        }
        int code = problem instanceof JetStreamApiException refused ? refused.errCode() : 0;
        boolean noStream = code == Api.STREAM_NOT_FOUND;
        if (!noStream && code != Api.CONSUMER_NOT_FOUND) {
            timesGone = 0;
        } else if (++timesGone < SURELY_GONE) {
            verification = loop.schedule(this::verify, ONCE_MORE, TimeUnit.NANOSECONDS);
        } else {
            ConsumeEnd how = noStream ? ConsumeEnd.STREAM_DELETED : ConsumeEnd.CONSUMER_DELETED;
            String text = noStream ? "there is no stream " + consumer.stream() : "there is no such consumer";
            finish(how, new ConsumeException("cannot " + what + ": " + text, how, null, problem));
        }
    }

    @Override
    public final void onEvent(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Disconnected) {
            onLoop(() -> {
                connected = false;
                onNoServer();
            });
        } else if (event instanceof ConnectionEvent.Reconnected || event instanceof ConnectionEvent.Connected) {
            onLoop(() -> {
                if (!connected && end == null) {
                    connected();
                }
            });
        } else if (event instanceof ConnectionEvent.Closed) {
            onLoop(() -> finish(ConsumeEnd.CONNECTION_CLOSED, null));
        }
    }

    // The end.

    /** From any thread: nothing more is taken; what has come is still consumed, unless the subscription is told otherwise. */
    final void stop(ConsumeEnd how) {
        onLoop(() -> finish(how, null));
    }

    /** On the event loop: it is over. */
    final void finish(ConsumeEnd how, @Nullable JetStreamException why) {
        if (end != null) {
            return;
        }
        failure = why;
        end = how;
        cancel(ticks);
        cancel(verification);
        connection.removeListener(this);
        onEnded();
        Subscription taken = subscription;
        if (taken == null) {
            return;
        }
        var unused = taken.drainAsync(DRAIN).thenAccept(result -> {
            reports.tell(new ConsumeEvent.Ended(how, why));
            onEnd.run();
        });
    }

    static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** From any thread. */
    final void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            if (end == null) {
                end = ConsumeEnd.CONNECTION_CLOSED; // with its event loops
            }
        }
    }

    /** Why it is over; null as long as it is not. */
    final @Nullable ConsumeEnd end() {
        return end;
    }

    /** More about an end that nobody wanted, or null. */
    final @Nullable JetStreamException failure() {
        return failure;
    }

    /** On the event loop, once it has begun. */
    final Subscription subscription() {
        return Objects.requireNonNull(subscription, "subscription");
    }

    final Api api() {
        return api;
    }

    final Connection connection() {
        return connection;
    }

    final ConsumerName consumer() {
        return consumer;
    }

    final String what() {
        return what;
    }

    final Reports reports() {
        return reports;
    }

    final ScheduledExecutorService loop() {
        return loop;
    }
}
