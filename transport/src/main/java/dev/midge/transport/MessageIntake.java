// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** How messages get into an {@link OutboundBuffer}, under its lock: whether they are taken, and where their frames go. */
final class MessageIntake {
    private final OutboundBuffer buffer;
    private final ShortLock lock;

    // Guarded by the lock.
    private final MessageEncoder encoder;
    private final ChunkQueue queue;
    private final Ledger ledger;
    private final Admission admission;
    private final WakeUp wakeUp;
    private final Suspension suspension;

    private final Executor executor;

    /** Made for the first answer of a thread that holds back, and never again. */
    private volatile @Nullable HeldFrames held;

    MessageIntake(
            OutboundBuffer buffer,
            ShortLock lock,
            MessageEncoder encoder,
            ChunkQueue queue,
            Ledger ledger,
            Admission admission,
            WakeUp wakeUp,
            Suspension suspension,
            Executor executor) {
        this.buffer = buffer;
        this.lock = lock;
        this.encoder = encoder;
        this.queue = queue;
        this.ledger = ledger;
        this.admission = admission;
        this.wakeUp = wakeUp;
        this.suspension = suspension;
        this.executor = executor;
    }

    // Each encodes its line first, which says how long the frame is; once more if it had to wait, as another thread may
    // have
    // used the encoder meanwhile.

    Outcome publish(
            String subject,
            @Nullable String replyTo,
            byte @Nullable [] headers,
            byte[] payload,
            int offset,
            int length,
            long maxWaitNanos,
            @Nullable CompletableFuture<Void> handed,
            @Nullable LongConsumer numbered)
            throws InterruptedException {
        Objects.checkFromIndexSize(offset, length, payload.length);
        lock();
        try {
            long frame = encoder.begin(subject, replyTo, headers, length);
            if (!admission.isOpenFor(frame)) {
                Outcome outcome = await(frame, maxWaitNanos);
                if (outcome != Outcome.ACCEPTED) {
                    return refused(outcome, frame, handed);
                }
                encoder.begin(subject, replyTo, headers, length);
            }
            Chunk chunk = queue.roomFor(frame);
            encoder.write(chunk, headers, payload, offset, length);
            accepted(chunk, frame, handed, replyTo != null);
            if (numbered != null) {
                numbered.accept(ledger.acceptedMessages());
            }
        } finally {
            buffer.unlockAndWake();
        }
        return Outcome.ACCEPTED;
    }

    /** An answer, which may be held back without the lock. */
    Outcome publish(byte[] subject, byte[] payload, long maxWaitNanos) throws InterruptedException {
        HeldFrames frames = held;
        if (frames != null) {
            HeldFrames.Taken taken = frames.add(subject, payload);
            if (taken == HeldFrames.Taken.DUE) {
                leave(frames);
            }
            if (taken != HeldFrames.Taken.NOT) {
                return Outcome.ACCEPTED;
            }
        }
        lock();
        try {
            long frame = encoder.begin(subject, payload.length);
            if (!admission.isOpenFor(frame)) {
                Outcome outcome = await(frame, maxWaitNanos);
                if (outcome != Outcome.ACCEPTED) {
                    return refused(outcome, frame, null);
                }
                encoder.begin(subject, payload.length);
            }
            Chunk chunk = queue.roomFor(frame);
            encoder.write(chunk, null, payload, 0, payload.length);
            accepted(chunk, frame, null, false);
            if (wakeUp.isHolder() && admission.isOpenFor(HeldFrames.CAPACITY)) {
                open();
            }
        } finally {
            buffer.unlockAndWake();
        }
        return Outcome.ACCEPTED;
    }

    Outcome publish(
            String subject,
            @Nullable String replyTo,
            byte @Nullable [] headers,
            ByteBuf payload,
            long maxWaitNanos,
            @Nullable CompletableFuture<Void> handed)
            throws InterruptedException {
        int from = payload.readerIndex();
        int length = payload.readableBytes();
        boolean byReference = MessageEncoder.isByReference(payload);
        lock();
        try {
            long frame = encoder.begin(subject, replyTo, headers, length);
            if (!admission.isOpenFor(frame)) {
                Outcome outcome = await(frame, maxWaitNanos);
                if (outcome != Outcome.ACCEPTED) {
                    return refused(outcome, frame, handed);
                }
                encoder.begin(subject, replyTo, headers, length);
            }
            Chunk chunk = queue.roomFor(byReference ? frame - length : frame);
            if (byReference) {
                encoder.writeByReference(chunk, headers, payload, from, length);
            } else {
                encoder.write(chunk, headers, payload, from, length);
            }
            accepted(chunk, frame, handed, replyTo != null);
        } finally {
            buffer.unlockAndWake();
        }
        return Outcome.ACCEPTED;
    }

    // What is held back without the lock.

    private void open() {
        HeldFrames frames = held;
        if (frames == null) {
            frames = new HeldFrames();
            held = frames;
        }
        frames.open();
    }

    private void leave(HeldFrames frames) {
        lock();
        try {
            wakeUp.leave();
            if (!admission.isOpenFor(HeldFrames.CAPACITY)) {
                frames.close();
            }
        } finally {
            buffer.unlockAndWake();
        }
    }

    /** Takes the lock: what is held back without it comes before whatever comes now. */
    void lock() {
        lock.lock();
        HeldFrames frames = held;
        if (frames != null && frames.pending() != 0) {
            boolean moved = false;
            try {
                move(frames);
                moved = true;
            } finally {
                if (!moved) { // there is no memory
                    lock.unlock();
                }
            }
        }
    }

    private void move(HeldFrames frames) {
        long pending = frames.pending();
        int messages = HeldFrames.messagesOf(pending);
        int length = HeldFrames.bytesOf(pending);
        Throwable cause = admission.isAnswering() ? suspension.lost() : null;
        if (cause == null) {
            frames.move(pending, queue.roomFor(length));
            ledger.accepted(messages, length);
            wakeUp.moved(messages);
        } else { // it was put there just when the state changed
            frames.move(pending, null);
            ledger.dropped(messages, length);
            suspension.dropped(cause);
        }
    }

    /** With the lock: nothing more is held back without it, until that is allowed again; whether it was allowed. */
    boolean close() {
        HeldFrames frames = held;
        return frames != null && frames.close();
    }

    /** With the lock: this thread holds nothing more back. */
    void letGo() {
        HeldFrames frames = held;
        if (frames != null) {
            frames.leave();
        }
        wakeUp.letGo(false);
    }

    private Outcome await(long frame, long maxWaitNanos) throws InterruptedException {
        if (maxWaitNanos > 0 && wakeUp.isHeld()) {
            close();
            wakeUp.letGo(true); // only the event loop makes space
            buffer.unlockAndWake();
            lock();
        }
        return admission.await(frame, maxWaitNanos);
    }

    private Outcome refused(Outcome outcome, long frame, @Nullable CompletableFuture<Void> handed) {
        Throwable cause = suspension.dropping(outcome);
        if (cause == null) {
            return outcome;
        }
        ledger.dropped(1, frame);
        if (handed != null) {
            Chunk.execute(executor, () -> handed.completeExceptionally(cause));
        }
        suspension.dropped(cause);
        return Outcome.ACCEPTED;
    }

    private void accepted(Chunk chunk, long frame, @Nullable CompletableFuture<Void> handed, boolean urgent) {
        chunk.messages++;
        if (handed != null) {
            chunk.notifyAtEnd(handed);
        }
        ledger.accepted(1, frame);
        wakeUp.accepted(urgent);
    }
}
