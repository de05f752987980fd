// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.NatsInterruptedException;
import dev.midge.client.PayloadTooLargeException;
import dev.midge.client.Subscription;
import dev.midge.client.internal.Exchanges;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.Nuid;
import dev.midge.stan.pb.PubAck;
import dev.midge.stan.pb.PubMsg;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.hebi.quickbuf.ProtoSource;

/** Publishes, and matches acks to publishes by guid. */
final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(StanConnection.class);

    /** stan.go, {@code DefaultACKPrefix}. */
    private static final String ACKS = "_STAN.acks.";

    /** A message that has had a larger payload is not kept, as it keeps its array. */
    private static final int REUSED_AT_MOST = 64 << 10;

    private final Lifecycle lifecycle;
    private final Connection connection;
    private final StanOptions options;
    private final Exchanges exchanges;
    private final Window window;
    private final long timeoutNanos;
    private final ConcurrentHashMap<String, PendingAck> outstanding = new ConcurrentHashMap<>();

    // Of the event loop: each ack in its turn.
    private final PubAck read = PubAck.newInstance();
    private final ProtoSource source = ProtoSource.newArraySource();

    /** Of the last publish, for the next one, which fills it anew; null while one is at it. */
    private final AtomicReference<@Nullable PubMsg> reusable = new AtomicReference<>();

    /** The subject that takes what is published to a channel. */
    private record Taker(Session session, String channel, String subject) {}

    /** Of the last publish. Racy: at worst one is put together twice. */
    private @Nullable Taker lastTaker;

    private final Deadlines deadlines;
    private final String ackInbox = ACKS + Nuid.next() + '.';
    private final Subscription acks;

    Publisher(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
        connection = lifecycle.nats().connection();
        options = lifecycle.nats().options();
        exchanges = lifecycle.nats().exchanges();
        window = new Window(options, exchanges);
        timeoutNanos = TimeUnit.NANOSECONDS.convert(options.ackTimeout());
        deadlines = new Deadlines(lifecycle.nats(), options.maxPubAcksInFlight(), this::expired);
        acks = connection.direct().subscribe(ackInbox + '*', this::onAck);
    }

    String publish(String subject, byte[] data) {
        if (!exchanges.mayBlock()) {
            throw new IllegalStateException(
                    "publish waits for the ack, which an event loop must not: call publishAsync, or on another thread");
        }
        PendingAck ack = send(subject, data, true);
        try {
            return Waiting.await(ack, "publish to channel " + subject + " with guid " + ack.guid());
        } finally {
            take(ack);
        }
    }

    CompletableFuture<String> publishAsync(String subject, byte[] data) {
        try {
            return send(subject, data, false);
        } catch (PayloadTooLargeException | NatsInterruptedException e) {
            throw e;
        } catch (NatsException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private PendingAck send(String subject, byte[] data, boolean awaited) {
        Taker last = lastTaker;
        if (last == null || !last.channel.equals(subject)) {
            Rules.channel(subject);
        }
        Session session = lifecycle.session("publish to channel " + subject);
        window.enter(subject, exchanges.mayBlock());
        long now = exchanges.now();
        long deadline = now + Math.min(timeoutNanos, Long.MAX_VALUE - now);
        PendingAck ack = new PendingAck(this, Nuid.next(), subject, session, awaited, deadline);
        outstanding.put(ack.guid(), ack);
        try {
            give(ack, data);
        } catch (RuntimeException | Error e) {
            take(ack);
            throw e;
        }
        if (lifecycle.session() != session) { // whoever failed all others may have missed this one
            fail(ack, StanPublishException.unknown(subject, ack.guid(), "the session was lost meanwhile", null));
        }
        return ack;
    }

    private void give(PendingAck ack, byte[] data) {
        Session session = ack.session();
        byte[] bytes = encoded(ack, data);
        Message message = Message.to(taker(session, ack.subject()))
                .replyTo(ackInbox + ack.guid())
                .data(bytes)
                .build();
        deadlines.add(ack);
        try {
            if (ack.isAwaited()) {
                connection.publish(message);
            } else if (!connection.tryPublish(message)) {
                throw new StanWindowFullException("cannot publish to channel " + ack.subject()
                        + ": the outbound buffer of the NATS connection is full");
            }
        } catch (PayloadTooLargeException | NatsInterruptedException | StanException e) {
            throw e;
        } catch (NatsException e) {
            throw StanPublishException.notStored(ack.subject(), ack.guid(), "the NATS connection does not take it", e);
        }
        deadlines.watch();
    }

    private byte[] encoded(PendingAck ack, byte[] data) {
        PubMsg kept = reusable.getAndSet(null);
        PubMsg message = kept == null ? PubMsg.newInstance() : kept;
        byte[] bytes = message.setClientID(options.clientId())
                .setGuid(ack.guid())
                .setSubject(ack.subject())
                .setData(data)
                .setConnID(ack.session().connectionId())
                .toByteArray();
        if (data.length <= REUSED_AT_MOST) {
            reusable.set(message);
        }
        return bytes;
    }

    /** Mostly the very same string again, which the connection need neither check nor encode again. */
    @SuppressWarnings("ReferenceEquality")
    private String taker(Session session, String channel) {
        Taker last = lastTaker;
        if (last == null || last.session != session || !last.channel.equals(channel)) {
            last = new Taker(session, channel, session.subjects().getPubPrefix() + '.' + channel);
            lastTaker = last;
        }
        return last.subject;
    }

    int pending() {
        return outstanding.size();
    }

    /** From any thread: whoever gets true is to complete it. */
    boolean take(PendingAck ack) {
        if (!outstanding.remove(ack.guid(), ack)) {
            return false;
        }
        ack.settled();
        window.leave(ack.isAwaited()); // its thread may publish before the burst of reads is over
        return true;
    }

    private void fail(PendingAck ack, StanPublishException cause) {
        if (take(ack)) {
            complete(ack, () -> ack.settleExceptionally(cause));
        }
    }

    private void complete(PendingAck ack, Runnable completion) {
        if (ack.isAwaited()) {
            completion.run();
        } else {
            exchanges.complete(completion);
        }
    }

    /** From any thread: nothing that is outstanding will be acked. */
    void failAll(String why) {
        for (PendingAck ack : List.copyOf(outstanding.values())) {
            fail(ack, StanPublishException.unknown(ack.subject(), ack.guid(), why, null));
        }
    }

    /** On the event loop. */
    private void onAck(MessageView view) {
        if (view.payloadLength() == 0 && view.headerLength() > 0) {
            PendingAck ack = outstanding.get(token(view));
            if (ack != null && Ask.isNobody(view)) {
                String nobody = "nobody is subscribed to " + taker(ack.session(), ack.subject());
                fail(ack, StanPublishException.notStored(ack.subject(), ack.guid(), nobody, null));
                lifecycle.verify();
            }
        } else {
            try {
                read.clearQuick().mergeFrom(source.setInput(view.copyPayload()));
                source.checkLastTagWas(0);
                onAck(read, view);
            } catch (IOException e) {
                LOG.debug("an ack that cannot be read: {}", token(view), e);
            }
        }
        deadlines.acked();
    }

    private void onAck(PubAck read, MessageView view) {
        PendingAck ack = outstanding.get(read.getGuid().isEmpty() ? token(view) : read.getGuid());
        if (ack == null) {
            LOG.debug("an ack that nobody waits for: {}", read.getGuid());
        } else if (!read.getError().isEmpty()) {
            StanServerException said = new StanServerException("publish to channel " + ack.subject(), read.getError());
            fail(
                    ack,
                    StanPublishException.notStored(
                            ack.subject(), ack.guid(), "the server says \"" + read.getError() + '"', said));
            if (said.error() == StanError.INVALID_PUBLISH_REQUEST) {
                lifecycle.verify(); // what it says of a client that it does not know
            }
        } else if (take(ack)) {
            complete(ack, () -> ack.settle(ack.guid()));
        }
    }

    private String token(MessageView view) {
        String subject = view.subject();
        return subject.length() > ackInbox.length() ? subject.substring(ackInbox.length()) : "";
    }

    private void expired(PendingAck ack) {
        String why = "no ack came within " + options.ackTimeout();
        fail(ack, StanPublishException.unknown(ack.subject(), ack.guid(), why, null));
    }

    /** How many are kept for their deadlines; some of them are settled. */
    int timed() {
        return deadlines.size();
    }

    void close() {
        acks.unsubscribe();
    }
}
