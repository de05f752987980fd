// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.jetstream.JetStreamMessage;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of an actor at one message: waits for its turn, runs, and is acknowledged or given back, whichever of the
 * handler, the time-out and the end of the listening comes first.
 */
final class Job<T, R> implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Job.class);

    private enum State {
        WAITING,
        RUNNING,
        /** Timed out, and the handler's thread is just being interrupted: that must not leave the handler meanwhile. */
        INTERRUPTING,
        OVER
    }

    private final Actor<T, R> actor;
    private final JetStreamMessage source;
    private final Verdict<T, R> verdict;
    private final Timing timing;
    private final Consumer<Job<?, ?>> onReturn;

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private volatile @Nullable Thread thread;
    private volatile long started;

    /** Of whoever ticks. */
    private long pulsed;

    /** @param onReturn told once, by the handler's thread, when the job needs its place no more */
    Job(
            Actor<T, R> actor,
            JetStreamMessage source,
            Connection connection,
            Timing timing,
            Consumer<Job<?, ?>> onReturn) {
        this.actor = actor;
        this.source = source;
        this.timing = timing;
        this.onReturn = onReturn;
        verdict = new Verdict<>(actor, source, connection);
        pulsed = timing.nanos();
    }

    Actor<T, R> actor() {
        return actor;
    }

    /** Begins, on the actor's executor. */
    @SuppressWarnings("CatchingUnchecked") // the executor may be the user's, and throw what it likes
    void start(Executor otherwise) {
        Executor own = actor.executor();
        try {
            (own == null ? otherwise : own).execute(this);
        } catch (Throwable e) {
            if (state.compareAndSet(State.WAITING, State.OVER)) {
                verdict.failed(e);
                onReturn.accept(this);
            }
        }
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // whatever the handler throws is a failure of this attempt alone
    public void run() {
        thread = Thread.currentThread();
        started = timing.nanos();
        if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
            return; // an executor that runs it, though it said that it would not
        }
        byte @Nullable [] response = null;
        Throwable failure = null;
        try {
            EventHeaders.checkDelay(source.headers());
            T decoded = CodecException.decode(actor.event().codec(), source.data(), "a message of " + actor.event());
            verdict.started(decoded);
            response = verdict.encoded(actor.work().handle(decoded));
        } catch (Throwable e) {
            failure = e;
        }
        try {
            finish(response, failure);
        } finally {
            thread = null;
            onReturn.accept(this);
        }
    }

    private void finish(byte @Nullable [] response, @Nullable Throwable failure) {
        if (!state.compareAndSet(State.RUNNING, State.OVER)) {
            while (state.get() == State.INTERRUPTING) {
                Thread.onSpinWait();
            }
            Thread.interrupted(); // it was for the handler
            LOG.debug("{} returned behind its time: {}", actor, failure == null ? "it had succeeded" : failure);
            return;
        }
        if (failure == null) {
            verdict.succeeded(response, Duration.ofNanos(timing.nanos() - started));
        } else {
            if (failure instanceof InterruptedException) {
                Thread.interrupted(); // it was thrown, and need not be said twice to the executor
            }
            verdict.failed(failure);
        }
    }

    /** Gives the message back, of a job that was not started: it never is. */
    void drop() {
        if (state.compareAndSet(State.WAITING, State.OVER)) {
            verdict.giveBack(Duration.ZERO);
        }
    }

    /**
     * On the event loop, by one thread: does what is due.
     *
     * @param executor for what may take time
     */
    void tick(long now, Executor executor) {
        State is = state.get();
        if (is == State.RUNNING && now - started >= actor.jobTimeout().toNanos()) {
            timeOut(executor);
        } else if ((is == State.WAITING || is == State.RUNNING)
                && actor.pulse()
                && now - pulsed >= actor.ackWait().toNanos() / 2) {
            pulsed = now;
            verdict.pulse();
        }
    }

    private void timeOut(Executor executor) {
        if (!state.compareAndSet(State.RUNNING, State.INTERRUPTING)) {
            return;
        }
        try {
            Thread handler = thread;
            if (handler != null) {
                handler.interrupt();
            }
        } finally {
            state.set(State.OVER);
        }
        executor.execute(() -> verdict.failed(new TimeoutException(
                "the handler of " + actor + " took longer than " + actor.jobTimeout() + " and was interrupted")));
    }
}
