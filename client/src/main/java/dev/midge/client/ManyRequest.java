// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.Responses.End;
import dev.midge.protocol.MessageView;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for any number of responses. It has two ends: nothing more is taken, which the event loop or the
 * user decides; and all that was taken has been consumed, which completes it.
 *
 * <p>Time counts while the consumer waits; before the first response was consumed, from one that came to the next.
 */
final class ManyRequest extends PendingReply<End> implements PendingQueue.Watch {
    private static final long PAUSED = -1;

    /** Where a header block has its status: behind {@code NATS/1.0}. */
    private static final int STATUS_AT = 8;

    private static final long SHORTEST_STALL = TimeUnit.MILLISECONDS.toNanos(1);

    private final RequestManyOptions options;
    private final ResponseSubscription responses;
    private final PendingQueue queue;
    private final Lock lock;
    private final long stall;
    private final AtomicBoolean completed = new AtomicBoolean();

    /** Of the event loop. */
    private long received;

    // Guarded by the lock, which is that of the queue; in nanoseconds.
    private long remaining;
    private long waitingSince;
    private long wait;
    private boolean responded;
    private boolean consuming;

    private volatile @Nullable End reason;
    private volatile boolean sentinelSeen;
    private volatile @Nullable End end;
    private volatile @Nullable Message status;
    private volatile @Nullable Throwable failure;

    ManyRequest(
            Requests requests,
            NatsConnection connection,
            String subject,
            RequestManyOptions options,
            long maxWait,
            @Nullable MessageHandler handler) {
        super(requests, subject);
        this.options = options;
        long gap = options.stall() == null ? 0 : Checks.nanos(options.stall());
        stall = gap < SHORTEST_STALL || gap >= maxWait ? Long.MAX_VALUE : gap;
        remaining = maxWait;
        wait = maxWait;
        waitingSince = requests.now();
        responses = new ResponseSubscription(connection, this, options, handler);
        queue = responses.pendingQueue();
        lock = queue.lock();
        queue.watch(this);
    }

    ResponseSubscription responses() {
        return responses;
    }

    @Override
    boolean onReply(MessageView view, String replySubject, NatsSubscription origin) {
        if (hasStatus(view)) {
            Message message = Message.received(view, replySubject, origin);
            status = message;
            stop(received == 0 && message.isNoResponders() ? End.NO_RESPONDERS : End.STATUS, null);
            return true;
        }
        boolean sentinel = options.hasStandardSentinel() && view.payloadLength() == 0;
        if (!sentinel || options.includesSentinel()) {
            responses.onMessage(view);
        }
        received++;
        if (sentinel) {
            stop(End.SENTINEL, null);
        } else if (received == options.maxMessages()) {
            stop(End.MAX_MESSAGES, null);
        }
        return true;
    }

    /** {@code NATS/1.0 503}, and not {@code NATS/1.0} alone. */
    private static boolean hasStatus(MessageView view) {
        if (view.headerLength() <= STATUS_AT) {
            return false;
        }
        var block = view.headers();
        return block.getByte(block.readerIndex() + STATUS_AT) == ' ';
    }

    @Override
    void onDeadline() {
        End how;
        lock.lock();
        try {
            if (waitingSince == PAUSED) {
                return; // whoever goes on sets another
            }
            long waited = requests().now() - waitingSince;
            if (waited < wait) {
                requests().setDeadline(this, wait - waited);
                return;
            }
            how = waited >= remaining ? End.MAX_WAIT : End.STALL;
        } finally {
            lock.unlock();
        }
        stop(how, null);
    }

    @Override
    void fail(Throwable cause) {
        stop(cause instanceof ServerErrorException ? End.DENIED : End.CONNECTION_LOST, cause);
    }

    /** On the event loop, or before anything can have come: takes nothing more. */
    private void stop(End how, @Nullable Throwable cause) {
        if (release()) {
            failure = cause;
            reason = how;
            responses.end(cause);
        }
    }

    /** From any thread: the user wants no more. */
    void withdraw() {
        if (release()) {
            reason = End.CANCELLED;
        }
    }

    /** By the consumer: a response is the sentinel, whatever else may have ended it meanwhile. */
    void sentinelSeen() {
        sentinelSeen = true;
    }

    /** From any thread: all that was taken has been consumed. */
    void consumed() {
        End how = sentinelSeen ? End.SENTINEL : reason;
        if (how != null) {
            end = how;
            if (completed.compareAndSet(false, true)) {
                requests().complete(() -> settle(how));
            }
        }
    }

    @Nullable
    End end() {
        if (end == null && responses.isDrained()) {
            consumed(); // whoever ended it is about to do it too
        }
        return end;
    }

    @Nullable
    Message status() {
        return status;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public void filled() {
        responded = true;
        boolean waiting = pause();
        if (waiting && !consuming) {
            resume();
        }
    }

    @Override
    public void waits() {
        if (waitingSince == PAUSED) {
            resume();
        }
    }

    @Override
    public void takes() {
        consuming = true;
        pause();
    }

    /** Whether time counted. */
    private boolean pause() {
        if (waitingSince == PAUSED) {
            return false;
        }
        remaining -= requests().now() - waitingSince;
        waitingSince = PAUSED;
        return true;
    }

    private void resume() {
        waitingSince = requests().now();
        wait = Math.max(0, responded ? Math.min(stall, remaining) : remaining);
        requests().setDeadline(this, wait);
    }
}
