// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.MessageView;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A subscription whose handler runs on the event loop: it has nothing pending, ever. */
class DirectSubscription extends NatsSubscription {
    private final DirectHandler handler;
    private volatile boolean finished;

    DirectSubscription(
            NatsConnection connection,
            String subject,
            @Nullable String queue,
            long sid,
            long maxMessages,
            DirectHandler handler) {
        super(connection, subject, queue, sid, maxMessages);
        this.handler = handler;
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // whatever a handler throws must not end the connection
    void accept(MessageView view) {
        if (!finished && claimDeliveryAlone()) {
            try {
                handler.onMessage(view);
            } catch (Throwable e) {
                connection().handlerFailed(this, null, e);
            }
        }
    }

    @Override
    void flushBatch() {}

    @Override
    boolean isDrained() {
        return finished;
    }

    @Override
    long remainingMessages() {
        return 0;
    }

    @Override
    void discardPending() {}

    @Override
    void dropPending() {}

    @Override
    void finish(@Nullable Throwable cause) {
        finished = true;
        checkDrained();
    }

    @Override
    public Message next(Duration timeout) {
        throw hasHandler();
    }

    @Override
    public Iterator<Message> iterator() {
        throw hasHandler();
    }

    @Override
    public Stream<Message> stream() {
        throw hasHandler();
    }

    @Override
    public Flow.Publisher<Message> publisher() {
        throw hasHandler();
    }

    @Override
    public long pendingMessages() {
        return 0;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public long droppedMessages() {
        return 0;
    }

    private IllegalStateException hasHandler() {
        return new IllegalStateException(this + " has a handler, which gets the messages");
    }
}
