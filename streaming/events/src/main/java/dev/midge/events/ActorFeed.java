// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.jetstream.JetStreamMessage;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for messages of one actor while there is room for them, and makes jobs of them. */
final class ActorFeed<T, R> implements Flow.Subscriber<JetStreamMessage> {
    private static final Logger LOG = LoggerFactory.getLogger(ActorFeed.class);

    private final Actor<T, R> actor;
    private final int batch;
    private final Connection connection;
    private final Timing timing;
    private final Desk desk;
    private final BiConsumer<Actor<?, ?>, @Nullable Throwable> onEnd;

    private final ReentrantLock lock = new ReentrantLock();
    private Flow.@Nullable Subscription subscription;
    private boolean stopped;
    private int demanded;
    private int jobs;

    /** @param onEnd told if no more messages come, though nobody stopped it; with what is wrong, if something is */
    ActorFeed(
            Actor<T, R> actor,
            int batch,
            Connection connection,
            Timing timing,
            Desk desk,
            BiConsumer<Actor<?, ?>, @Nullable Throwable> onEnd) {
        this.actor = actor;
        this.batch = Math.min(batch, actor.maxJobs());
        this.connection = connection;
        this.timing = timing;
        this.desk = desk;
        this.onEnd = onEnd;
    }

    Actor<T, R> actor() {
        return actor;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        boolean late;
        lock.lock();
        try {
            late = stopped;
            subscription = given;
        } finally {
            lock.unlock();
        }
        if (late) {
            given.cancel();
        } else {
            refill();
        }
    }

    /** Asks for more if there is room, here and at the desk. From any thread. */
    void refill() {
        Flow.Subscription source;
        int more;
        lock.lock();
        try {
            source = subscription;
            more = Math.min(batch, actor.maxJobs() - jobs) - demanded;
            if (source == null || stopped || more <= 0 || !desk.hasRoom()) {
                return;
            }
            demanded += more;
        } finally {
            lock.unlock();
        }
        source.request(more);
    }

    @Override
    public void onNext(JetStreamMessage message) {
        lock.lock();
        try {
            demanded--;
        } finally {
            lock.unlock();
        }
        accept(message);
        refill();
    }

    /** Makes a job of a message, unless it is to be handled later. */
    void accept(JetStreamMessage message) {
        Duration delay;
        try {
            delay = EventHeaders.delayLeft(message.headers(), timing.now());
        } catch (RuntimeException e) { // the job will see that too, and fail
            delay = Duration.ZERO;
        }
        if (delay.isZero()) {
            lock.lock();
            try {
                jobs++;
            } finally {
                lock.unlock();
            }
            desk.submit(new Job<>(actor, message, connection, timing, this::returned));
            return;
        }
        try {
            message.nak(delay);
        } catch (RuntimeException e) {
            LOG.debug("{} cannot give {} back, which is delayed", actor, message, e);
        }
    }

    private void returned(Job<?, ?> job) {
        lock.lock();
        try {
            jobs--;
        } finally {
            lock.unlock();
        }
        desk.returned(job);
    }

    @Override
    public void onError(Throwable cause) {
        onEnd.accept(actor, cause);
    }

    @Override
    public void onComplete() {
        onEnd.accept(actor, null);
    }

    /** Asks for no more. */
    void stop() {
        Flow.Subscription source;
        lock.lock();
        try {
            stopped = true;
            source = subscription;
        } finally {
            lock.unlock();
        }
        if (source != null) {
            source.cancel();
        }
    }
}
