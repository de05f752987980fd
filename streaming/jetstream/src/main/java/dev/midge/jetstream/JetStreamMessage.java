// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.protocol.Headers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A message that a consumer delivered, to be acknowledged once: by {@link #ack}, {@link #nak} or {@link #term} and their
 * variants. All of them throw IllegalStateException, which says why, if the message did not come from JetStream, or has been
 * acknowledged already; and what {@link Connection#publish(String, byte[])} throws, behind which it may be tried again. They return
 * when the acknowledgement is on its way, but for those that wait for the server to have it. Messages of
 * {@linkplain OrderedConsumer ordered consumers} need none: nothing is sent for them.
 *
 * <p>Thread-safe, but for what is done with {@link #data()}. Source: ADR-15; consumer.go in nats-server.
 */
public final class JetStreamMessage {
    private static final byte[] ACK = "+ACK".getBytes(UTF_8);
    private static final byte[] NAK = "-NAK".getBytes(UTF_8);
    private static final byte[] IN_PROGRESS = "+WPI".getBytes(UTF_8);
    private static final byte[] TERM = "+TERM".getBytes(UTF_8);

    private static final VarHandle STATE = stateHandle();
    private static final int OPEN = 0;
    private static final int ACKED = 1;
    private static final int NAKED = 2;
    private static final int TERMINATED = 3;

    private final Message message;
    private final AckSender acks;
    private volatile int state;

    JetStreamMessage(Message message, AckSender acks) {
        this.message = message;
        this.acks = acks;
    }

    /**
     * A message that was received by a plain subscription, such as one to the deliver_subject of a push consumer.
     *
     * @param connection where it was received
     */
    public static JetStreamMessage of(Connection connection, Message message) {
        Objects.requireNonNull(message, "message");
        return new JetStreamMessage(message, AckSender.plain(connection));
    }

    /** The subject it was published to. */
    public String subject() {
        return message.subject();
    }

    /** The payload: not a copy. */
    public byte[] data() {
        return message.data();
    }

    /** The length of the payload in bytes. */
    public int size() {
        return message.size();
    }

    /** The payload as UTF-8 text. */
    public String text() {
        return message.text();
    }

    /** Its headers, empty if it has none; parsed when they are first read. */
    public Headers headers() {
        return message.headers();
    }

    /** The message as the connection received it; its reply-to subject is where acknowledgements go. */
    public Message message() {
        return message;
    }

    /** Whether it came from JetStream, and so has {@link #metadata()} and can be acknowledged. */
    public boolean isJetStream() {
        return acks.isJetStream(message);
    }

    /**
     * What the server says of it. Read anew at each call.
     *
     * @throws IllegalStateException if it did not come from JetStream
     */
    public MessageMetadata metadata() {
        MessageMetadata metadata = MessageMetadata.parse(message.replyTo());
        if (metadata == null) {
            throw foreign("get the metadata of");
        }
        return metadata;
    }

    /** Whether it has been acknowledged, in whatever way. */
    public boolean isAcknowledged() {
        return state != OPEN;
    }

    /** Acknowledges it: it was handled. */
    public void ack() {
        settle("ack", ACKED, ACK);
    }

    /**
     * As {@link #ack}, and waits until the server has it, so that it will not be delivered again.
     *
     * @throws dev.midge.client.NatsTimeoutException if that did not say so in time: whether it has it is not known, and it may
     *     be acknowledged once more
     * @throws dev.midge.protocol.NatsException what {@link Connection#request(String, byte[], Duration)} throws, likewise
     */
    public void ackSync(Duration timeout) {
        claim("ack", ACKED);
        try {
            if (!acks.isSilent()) {
                acks.connection().request(replyTo(), ACK, timeout);
            }
        } catch (RuntimeException e) {
            state = OPEN;
            throw e;
        }
    }

    /** As {@link #ackSync}, without waiting: the future completes on the connection's executor. */
    public CompletableFuture<Void> ackAsync(Duration timeout) {
        claim("ack", ACKED);
        if (acks.isSilent()) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return acks.connection()
                    .requestAsync(replyTo(), ACK, timeout)
                    .whenComplete((reply, failure) -> state = failure == null ? ACKED : OPEN)
                    .thenApply(reply -> null);
        } catch (RuntimeException e) {
            state = OPEN;
            throw e;
        }
    }

    /** Has it delivered again, at once. */
    public void nak() {
        settle("nak", NAKED, NAK);
    }

    /**
     * Has it delivered again, but not before so long.
     *
     * @throws IllegalArgumentException if that is negative
     */
    public void nak(Duration delay) {
        Rules.require(!delay.isNegative(), "delay", delay, "must not be negative");
        settle("nak", NAKED, delay.isZero() ? NAK : ("-NAK {\"delay\":" + delay.toNanos() + "}").getBytes(UTF_8));
    }

    /** Says that work on it goes on: the time after which it is delivered again counts from now. As often as is needed. */
    public void inProgress() {
        if (!isJetStream()) {
            throw foreign("report progress of");
        }
        int now = state;
        if (now != OPEN) {
            throw acknowledged("report progress of", now);
        }
        if (!acks.isSilent()) {
            acks.send(message, IN_PROGRESS);
        }
    }

    /** Has it delivered no more, though it was not handled. */
    public void term() {
        settle("term", TERMINATED, TERM);
    }

    /**
     * As {@link #term()}, with a reason that the server puts into its advisory.
     *
     * @throws ServerTooOldException if the server is older than 2.10.4, and would deliver it again
     * @throws IllegalArgumentException if the reason is blank
     */
    public void term(String reason) {
        Rules.require(!reason.isBlank(), "reason", reason, "must not be blank");
        acks.requireTermReason("cannot term the message to " + subject());
        settle("term", TERMINATED, ("+TERM " + reason).getBytes(UTF_8));
    }

    private void settle(String what, int as, byte[] payload) {
        claim(what, as);
        if (!acks.isSilent()) {
            try {
                acks.send(message, payload);
            } catch (RuntimeException e) {
                state = OPEN;
                throw e;
            }
        }
    }

    private void claim(String what, int as) {
        if (!isJetStream()) {
            throw foreign(what);
        }
        int before = (int) STATE.compareAndExchange(this, OPEN, as);
        if (before != OPEN) {
            throw acknowledged(what, before);
        }
    }

    private String replyTo() {
        return Objects.requireNonNull(message.replyTo(), "replyTo");
    }

    private IllegalStateException foreign(String what) {
        return new IllegalStateException("cannot " + what + " the message to " + subject()
                + ": it did not come from JetStream, "
                + (message.replyTo() == null
                        ? "as it has no reply-to"
                        : "as its reply-to is " + message.replyTo() + " and not " + MessageMetadata.PREFIX + "..."));
    }

    private IllegalStateException acknowledged(String what, int how) {
        String done = how == ACKED ? "acked" : how == NAKED ? "naked" : "terminated";
        return new IllegalStateException(
                "cannot " + what + " the message to " + subject() + ": it has been " + done + " already");
    }

    private static VarHandle stateHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(JetStreamMessage.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public String toString() {
        return "JetStream " + message;
    }
}
