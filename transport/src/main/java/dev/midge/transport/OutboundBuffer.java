// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has to send. Any thread encodes its frame, under a short lock, straight into the current chunk;
 * the first frame in an empty buffer wakes the event loop, which takes whole chunks and writes them in one gathering
 * write. There is no object, task or timer for a frame, and a lone frame leaves at once.
 *
 * <p>One limit, in bytes, holds for all that has not been handed to the socket. Control frames (SUB, UNSUB, PING, PONG)
 * are counted but never refused. A frame is written whole, still queued, or reported to the {@link OutboundListener}:
 * {@link #counts()} adds up at any moment.
 *
 * <p>Written means taken by the socket, which says nothing about the peer. Of a socket that fails, it is known to the
 * byte what it took. Where something in between changes the bytes, as TLS does, that is known only of whole chunks; the
 * frames of the others are reported, though some may have been sent.
 */
public final class OutboundBuffer {
    private final OutboundWriter writer;
    private final EventLoop eventLoop;
    private final Executor executor;
    private final OutboundListener listener;
    private final ShortLock lock = new ShortLock();

    // Guarded by the lock, but for reading what the ledger says is queued.
    private final MessageEncoder encoder = new MessageEncoder();
    private final ChunkQueue queue;
    private final Ledger ledger = new Ledger();
    private final Admission admission;

    private final WakeUp wakeUp;
    private final MessageIntake intake;
    private final Suspension suspension = new Suspension();

    /** Of the event loop. */
    private long takenMessages;

    /** Of the event loop: see {@link #gathers()}. */
    private boolean gathers;

    /**
     * An empty buffer that accepts frames and keeps them until a channel is {@linkplain #attach attached}.
     *
     * @param eventLoop the loop of the connection
     * @param allocator gives the chunks
     * @param executor where futures complete, off the event loop; the common pool stands in when it rejects
     * @param limit the most bytes to hold; a single larger frame is accepted by an empty buffer
     * @param listener is told what will not be written
     */
    public OutboundBuffer(
            EventLoop eventLoop, ByteBufAllocator allocator, Executor executor, long limit, OutboundListener listener) {
        this.eventLoop = eventLoop;
        this.executor = executor;
        this.listener = listener;
        this.admission = new Admission(lock, eventLoop, ledger, limit);
        this.queue = new ChunkQueue(allocator);
        this.wakeUp = new WakeUp(ledger, queue);
        this.writer = new OutboundWriter(this, eventLoop);
        this.intake = new MessageIntake(this, lock, encoder, queue, ledger, admission, wakeUp, suspension, executor);
    }

    /**
     * Takes a message whose payload is in an array, which is free again when this returns.
     *
     * @param headers the encoded header block, or null for PUB
     * @param maxWaitNanos how long to wait for space; not waited at all on an event loop of the connection's group
     * @param handed completed on the executor when the frame has been handed to the socket, or failed; may be null;
     *     left alone unless the outcome is {@link Outcome#ACCEPTED}
     * @param numbered is given the number of this one among all messages that were accepted, from 1 on, with the lock held,
     *     before the event loop can take it; not if it is refused, or accepted to be discarded: see {@link #takenMessages}
     * @throws InterruptedException if interrupted while waiting for space; nothing was taken
     */
    public Outcome publish(
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
        return intake.publish(subject, replyTo, headers, payload, offset, length, maxWaitNanos, handed, numbered);
    }

    /**
     * As the other, of a message without headers to a subject that came from a server, as a reply-to subject does: its UTF-8
     * bytes.
     */
    public Outcome publish(byte[] subject, byte[] payload, long maxWaitNanos) throws InterruptedException {
        return intake.publish(subject, payload, maxWaitNanos);
    }

    /**
     * As the other, with the payload between the indices of a buffer, which are left as they are. From 16 KiB on the
     * payload of a direct buffer is written by reference: it is retained until then and must not be changed. All others
     * are copied and free again when this returns.
     *
     * @throws io.netty.util.IllegalReferenceCountException if the payload has been released; nothing was taken
     */
    public Outcome publish(
            String subject,
            @Nullable String replyTo,
            byte @Nullable [] headers,
            ByteBuf payload,
            long maxWaitNanos,
            @Nullable CompletableFuture<Void> handed)
            throws InterruptedException {
        return intake.publish(subject, replyTo, headers, payload, maxWaitNanos, handed);
    }

    /**
     * {@code SUB}: never refused but by a closed buffer, or a suspended one, whose owner tells the next server of all
     * subscriptions.
     */
    public Outcome subscribe(String subject, @Nullable String queue, long sid) {
        return control(line -> line.subLine(subject, queue, sid));
    }

    /** {@code UNSUB}, with a max above 0 after so many messages: as {@link #subscribe}. */
    public Outcome unsubscribe(long sid, long max) {
        return control(line -> line.unsubLine(sid, max));
    }

    /** {@code PING}: never refused but by a closed or suspended buffer. */
    public Outcome ping() {
        return control(line -> line.pingLine());
    }

    /** {@code PONG}: never refused but by a closed or suspended buffer. */
    public Outcome pong() {
        return control(line -> line.pongLine());
    }

    /** How many bytes are not handed to the socket yet; exact, and takes no lock. */
    public long queuedBytes() {
        return ledger.queuedBytes();
    }

    /** How many messages are not handed to the socket yet; exact, and takes no lock. */
    public long queuedMessages() {
        return ledger.queuedMessages();
    }

    /**
     * How many messages a channel was given, ever: those with a higher number are still queued. On the event loop only.
     */
    public long takenMessages() {
        return takenMessages;
    }

    /** The most bytes this buffer holds, at present. */
    public long limit() {
        return admission.limit();
    }

    /** All counts at one moment. */
    public OutboundCounts counts() {
        intake.lock();
        try {
            return ledger.counts();
        } finally {
            unlockAndWake();
        }
    }

    /**
     * From now on writes to this channel, whose handshake is over, as soon as the fate of all that the last one was given
     * is known. On the event loop only.
     *
     * @throws IllegalStateException if it has a channel
     */
    public void attach(Channel channel) {
        writer.attach(channel);
    }

    /**
     * The channel has become inactive: reports what the channel was given and did not write. What is queued waits for
     * the next channel, and begins with a whole frame. On the event loop only.
     */
    public void detach(Throwable cause) {
        writer.detach(cause);
    }

    /**
     * From now on there is no channel, until {@link #resume}. Control frames are taken out of what is queued, and no more
     * are taken: they were for a server that is gone, and the next one is told of all that still holds. On the event
     * loop only; once more changes what happens to messages.
     *
     * @param policy what happens to messages meanwhile
     * @param limit the most bytes to hold meanwhile
     * @param cause why
     * @return how many PINGs were taken out: the last ones that were accepted
     */
    public int suspend(WhileSuspended policy, long limit, Throwable cause) {
        ControlFrames removed;
        intake.lock();
        try {
            intake.close();
            suspension.begin(policy, cause);
            admission.suspend(policy == WhileSuspended.KEEP ? null : Outcome.SUSPENDED, limit);
            removed = queue.removeControl();
        } finally {
            unlockAndWake();
        }
        ledger.settled(0, removed.bytes(), 0, 0);
        return removed.pings();
    }

    /**
     * Gives the channel nothing more, without giving up what it was given: it can be used otherwise then. On the event
     * loop only, and while suspended.
     *
     * @param written is called on the event loop once the channel has written all that it was given; not if it is
     *     {@linkplain #detach lost} before
     */
    public void release(Runnable written) {
        writer.release(written);
    }

    /** There is going to be a channel now: everything is taken again. On the event loop only, before {@link #attach}. */
    public void resume() {
        lock.lock();
        try {
            suspension.end();
            admission.resume();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Why the channel that was attached last could not be written to, if that is how it ended: a channel that fails this
     * way does not say more than that it is inactive. On the event loop only.
     */
    public @Nullable Throwable writeFailure() {
        return writer.failure();
    }

    /** The channel can take more: a hint, on which nothing depends. On the event loop only. */
    public void channelWritable() {
        writer.drain();
    }

    /** Frames that come from the event loop wait for {@link #readComplete}. On the event loop only. */
    public void readStarted() {
        writer.readStarted();
    }

    /** Writes what was published while reading, in one go. On the event loop only. */
    public void readComplete() {
        writer.readComplete();
    }

    /**
     * Takes no more: whoever waits for space and all later calls get {@link Outcome#CLOSED}. What is queued is still
     * written.
     */
    public void refuse() {
        intake.lock();
        try {
            intake.close();
            admission.refuse();
        } finally {
            unlockAndWake();
        }
    }

    /**
     * Ends the buffer: refuses more, and reports all that is queued and all that the channel was given and did not
     * write, at once. On the event loop only, after the channel has become inactive.
     */
    public void discard(Throwable cause) {
        refuse();
        discardQueued(cause);
        writer.detach(cause);
    }

    /**
     * What this thread publishes from now on leaves in one go at {@link #letGo}; or before, when it is 16 KiB, when it has
     * waited for 50 microseconds and more comes, when another thread publishes, and when this thread does not let go for some
     * milliseconds. For runs of calls of which each may publish something; does nothing while another thread holds back. Of
     * {@linkplain #publish(byte[], byte[], long) answers} 48 KiB or 200 microseconds, encoded without the lock: they may go
     * beyond the limit by that much, and are not among what is queued until somebody takes the lock.
     */
    public void hold() {
        lock.lock();
        try {
            wakeUp.hold();
        } finally {
            lock.unlock();
        }
    }

    /** What this thread {@linkplain #hold held} back leaves now, and nothing more is held back. */
    public void letGo() {
        intake.lock();
        try {
            intake.letGo();
        } finally {
            unlockAndWake();
        }
    }

    /** The event loop looks who holds back. For the writer; answers whether it is to look again. */
    boolean watchHolders() {
        intake.lock();
        try {
            boolean again = wakeUp.watch();
            if (!wakeUp.isHolding() && intake.close()) {
                wakeUp.watchAgain(); // for what was held back without the lock at that very moment
                again = true;
            }
            return again;
        } finally {
            unlockAndWake();
        }
    }

    private Outcome control(ToIntFunction<FrameEncoder> encoded) {
        intake.lock();
        try {
            if (admission.isRefused()) {
                return Outcome.CLOSED;
            }
            if (suspension.isOn()) {
                return Outcome.SUSPENDED;
            }
            int length = encoded.applyAsInt(encoder.control());
            queue.roomFor(length).buffer.writeBytes(encoder.control().line(), 0, length);
            ledger.accepted(0, length);
            wakeUp.accepted(true);
            return Outcome.ACCEPTED;
        } finally {
            unlockAndWake();
        }
    }

    private void reportDropped(Throwable cause) {
        lock.lock();
        try {
            suspension.reporting();
        } finally {
            lock.unlock();
        }
        report(cause);
    }

    /** Gives the lock back, and does what is owed. */
    void unlockAndWake() {
        boolean wake = wakeUp.takeOwed();
        Throwable cause = suspension.takeReportOwed();
        lock.unlock();
        if (cause != null) {
            try {
                eventLoop.execute(() -> reportDropped(cause));
            } catch (RejectedExecutionException e) {
                reportDropped(cause);
            }
        }
        if (wake) {
            try {
                writer.wake();
            } catch (RejectedExecutionException e) {
                // The event loop is no more, and with it whoever would have discarded what is queued.
                refuse();
                discardQueued(e);
                report(e);
            }
        }
    }

    /** Takes chunks from the queue, and says whether there are more. For the writer. */
    boolean take(long bytes, List<Chunk> batch) {
        lock.lockSoon();
        try {
            queue.take(bytes, batch);
            boolean more = !queue.isEmpty();
            long messages = 0;
            long size = 0;
            for (int i = 0; i < batch.size(); i++) {
                messages += batch.get(i).messages;
                size += batch.get(i).size();
            }
            takenMessages += messages;
            gathers = !more && messages >= WakeUp.MANY && size >= WakeUp.HELD_AT_MOST;
            wakeUp.taken(more, gathers);
            if (wakeUp.isWatchWanted()) {
                writer.watchHolders();
            }
            return more;
        } finally {
            lock.unlock();
        }
    }

    /** Whether more is likely to come soon, and the event loop is to {@link #take} again without being woken. For the writer. */
    boolean gathers() {
        return gathers;
    }

    /** The socket has taken a chunk, or as much of it as ever it will. For the writer; takes no lock, as a rule. */
    void completed(Chunk chunk, @Nullable Throwable cause) {
        ledger.settled(chunk.messages, chunk.size(), chunk.messagesHanded(), chunk.handed());
        chunk.settle(executor, cause);
        queue.recycle(chunk);
        if (admission.isSpaceAwaited()) {
            lock.lock();
            try {
                admission.spaceFreed();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Nothing has come for a while: gives memory back. For the writer. */
    void releaseSpares() {
        queue.releaseSpares();
    }

    /** Tells the listener what was discarded since the last time. For the writer. */
    void report(Throwable cause) {
        ledger.report(listener, cause);
    }

    private void discardQueued(Throwable cause) {
        List<Chunk> rest;
        lock.lock();
        try {
            rest = queue.close();
        } finally {
            lock.unlock();
        }
        for (Chunk chunk : rest) {
            ledger.settled(chunk.messages, chunk.size(), 0, 0);
            chunk.settle(executor, cause);
            chunk.release();
        }
    }
}
