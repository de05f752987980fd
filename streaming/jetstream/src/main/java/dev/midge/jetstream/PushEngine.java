// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Message;
import dev.midge.client.MessageHandler;
import dev.midge.client.SubscribeOptions;
import dev.midge.client.Subscription;
import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.Status;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes what a push consumer delivers, and answers its flow control. */
final class PushEngine extends Engine {
    private static final byte[] EMPTY = {};
    private static final String STALLED = "Nats-Consumer-Stalled";

    private final ConsumerConfig config;
    private final PushOptions options;
    private final OrderedName deliveries;

    PushEngine(Api api, ConsumerInfo info, PushOptions options) {
        super(
                api,
                "consume from push consumer " + info.name() + " of stream " + info.streamName(),
                new ConsumerName.Fixed(info.streamName(), info.name()),
                info.config().idleHeartbeat().isZero() ? null : info.config().idleHeartbeat(),
                options.listener());
        config = info.config();
        this.options = options;
        deliveries = new OrderedName(info.streamName());
        deliveries.use(info.name());
    }

    @Override
    long wanted() {
        return Long.MAX_VALUE;
    }

    @Override
    Subscription subscribe(@Nullable MessageHandler handler) {
        SubscribeOptions.Builder how = SubscribeOptions.builder();
        String group = config.deliverGroup();
        if (group != null) {
            how.queue(group);
        }
        if (config.flowControl()) {
            how.pendingLimits(Long.MAX_VALUE, Long.MAX_VALUE); // which is the limit
        }
        if (options.executor() != null) {
            how.executor(options.executor());
        }
        String subject = Objects.requireNonNull(config.deliverSubject(), "deliver_subject");
        return connection().direct().subscribe(subject, how.build(), this::admits, handler);
    }

    private boolean admits(MessageView view) {
        heard();
        if (Arrivals.isStatus(view)) {
            return onStatus(view);
        }
        isThere();
        // of a queue group each has but some of the deliveries
        if (config.deliverGroup() == null && deliveries.isOwn(view)) {
            expect(deliveries.readConsumerSequence() - 1, deliveries.readConsumerSequence());
            deliveries.taken();
        }
        return true;
    }

    /** All deliveries up to one should have come. */
    private void expect(long last, long received) {
        long before = deliveries.consumerSequence();
        if (before > 0 && last > before) {
            reports().tell(new ConsumeEvent.Gap(before + 1, received));
        }
    }

    /** Whether it is to be answered when its turn has come. */
    private boolean onStatus(MessageView view) {
        Headers headers = Arrivals.headers(view);
        Status status = Arrivals.status(headers);
        if (status == null) {
            return false;
        }
        if (status.code() == 100) {
            isThere();
            if (!view.hasReplyTo() && config.deliverGroup() == null) {
                long last = Arrivals.number(headers, "Nats-Last-Consumer", 0);
                expect(last, last);
                deliveries.skipTo(last);
            }
            return view.hasReplyTo() || headers.get(STALLED) != null;
        }
        if (status.code() == 409 && status.description().equals("Consumer Deleted")) {
            String said = "cannot " + what() + ": the server says " + status;
            finish(ConsumeEnd.CONSUMER_DELETED, new ConsumeException(said, ConsumeEnd.CONSUMER_DELETED, status, null));
        }
        return false;
    }

    @Override
    void passed(Message status) {
        String replyTo =
                status.replyTo() != null ? status.replyTo() : status.headers().get(STALLED);
        if (replyTo != null) {
            try {
                connection().publish(replyTo, EMPTY);
            } catch (NatsException e) {
                // no server: the consumer asks again
            }
        }
    }

    @Override
    void onServer() {}

    @Override
    void onNoServer() {}

    @Override
    boolean awaitsHeartbeats() {
        return true;
    }

    @Override
    void onSilence() {
        verify();
    }

    @Override
    void handled(Message message) {}
}
