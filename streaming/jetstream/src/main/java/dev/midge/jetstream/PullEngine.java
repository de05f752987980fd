// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.ConnectionClosedException;
import dev.midge.client.Message;
import dev.midge.client.MessageHandler;
import dev.midge.client.SubscribeOptions;
import dev.midge.client.Subscription;
import dev.midge.client.internal.Exchanges;
import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.NatsException;
import dev.midge.protocol.Nuid;
import dev.midge.protocol.Status;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does what {@link Pulls} decides: one subscription takes what all pulls of a consumption bring, on subjects that tell which
 * pull a status answers. If a status is the end, that comes to the consumer too, behind the last message.
 */
class PullEngine extends Engine {
    private final Pulling pulling;
    private final Exchanges exchanges;
    private final boolean countsBytes;
    private final Progress progress;

    /** What the reply-to subjects of the pulls begin with that count; another one whenever none of those before does. */
    private String inbox;

    private boolean begun;
    private PullState state;
    private long receivedMessages;
    private long receivedBytes;
    private long consumedMessages;
    private long consumedBytes;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable ScheduledFuture<?> due;

    PullEngine(Api api, String what, ConsumerName consumer, Pulling pulling, long wanted) {
        super(api, what, consumer, pulling.request().heartbeat(), pulling.listener());
        this.pulling = pulling;
        exchanges = Exchanges.of(connection());
        inbox = freshInbox();
        countsBytes = pulling.plan().maxBytes() > 0;
        progress = new Progress(this, pulling.plan());
        state = PullState.initial(wanted);
        setReports();
    }

    private String freshInbox() {
        return connection().options().inboxPrefix() + '.' + Nuid.next();
    }

    @Override
    final long wanted() {
        return pulling.wanted();
    }

    @Override
    final Subscription subscribe(@Nullable MessageHandler handler) {
        SubscribeOptions.Builder options = SubscribeOptions.builder()
                .pendingLimits(Long.MAX_VALUE, Long.MAX_VALUE); // what is asked for is the limit
        if (pulling.executor() != null) {
            options.executor(pulling.executor());
        }
        return connection().direct().subscribe(inbox + ".*", options.build(), this::admits, handler);
    }

    @Override
    final void onBegin() {
        if (pulling.plan().once()) {
            // by then the server has said that the time is over, if it is there
            long wait = pulling.request().expires().toNanos();
            deadline = loop().schedule(() -> finish(ConsumeEnd.EXPIRED, null), wait, TimeUnit.NANOSECONDS);
        }
    }

    // Steps.

    /** On the event loop: lets something happen to the pulls. */
    final PullDecision step(PullEvent event) {
        if (end() != null) {
            return new PullDecision.Nothing();
        }
        PullState now = state.buffered(receivedMessages - consumedMessages, receivedBytes - consumedBytes);
        PullStep step = Pulls.nextPull(pulling.plan(), now, event);
        boolean limited =
                step.state().batchLimit() != state.batchLimit() || step.state().byteLimit() != state.byteLimit();
        state = step.state();
        if (limited) {
            setReports();
        }
        PullDecision decision = step.decision();
        if (replaces(decision)) {
            return new PullDecision.Nothing();
        }
        if (decision instanceof PullDecision.Pull pull) {
            send(pull);
        } else if (decision instanceof PullDecision.Later later) {
            due(later.nanos());
        } else if (decision instanceof PullDecision.Verify verify) {
            verify();
            due(verify.nanos());
        }
        return decision;
    }

    private void setReports() {
        PullPlan plan = pulling.plan();
        long messages = Progress.part(Math.min(plan.refillMessages(), state.batchLimit()));
        progress.reportAt(messages, Progress.part(Math.min(plan.refillBytes(), state.byteLimit())));
    }

    private void due(long nanos) {
        due = loop().schedule(() -> step(new PullEvent.Due()), nanos, TimeUnit.NANOSECONDS);
    }

    private void send(PullDecision.Pull pull) {
        PullRequest request = pulling.request();
        long expires = request.expires().toNanos();
        ScheduledFuture<?> until = deadline;
        if (until != null) {
            expires = Pulling.untilServer(Math.max(1, until.getDelay(TimeUnit.NANOSECONDS)));
        }
        byte[] body = request.body(pull.batch(), pull.maxBytes(), expires, state.pin());
        asked();
        String next =
                "CONSUMER.MSG.NEXT." + consumer().stream() + "." + consumer().name();
        try {
            connection()
                    .publish(Message.to(api().subject(next))
                            .replyTo(inbox + '.' + pull.number())
                            .data(body)
                            .build());
        } catch (ConnectionClosedException e) {
            finish(ConsumeEnd.CONNECTION_CLOSED, null);
        } catch (NatsException e) { // no server, or no room in the outbound buffer
            step(new PullEvent.Unsent(pull.number()));
        }
    }

    // What is different for ordered consumers.

    @Override
    void onServer() {
        if (begun) {
            beginAnew();
        } else {
            begun = true;
            step(new PullEvent.Ready());
        }
    }

    @Override
    final void onNoServer() {
        step(new PullEvent.Lost());
    }

    @Override
    void onSilence() {
        verify(); // old servers do not say that nobody answers
        beginAnew();
    }

    /**
     * Nothing that was asked counts any more. A consumer, or what is on the way from it, may think otherwise, and what came of that
     * would be more than may be: so it comes to nobody from now on, and no more is asked before all is here that came till now.
     */
    private void beginAnew() {
        step(new PullEvent.Lost());
        String fresh = freshInbox();
        inbox = fresh;
        exchanges.move(subscription(), fresh + ".*", () -> {
            if (inbox.equals(fresh) && isConnected()) {
                step(new PullEvent.Ready());
            }
        });
    }

    /** On the event loop: whether something else is done than what was decided. */
    boolean replaces(PullDecision decision) {
        return false;
    }

    /** On the event loop: whether a message is the user's. */
    boolean takes(MessageView view) {
        return true;
    }

    /** On the event loop: a heartbeat of a pull that counts came. */
    void onHeartbeat(Headers headers) {}

    // What comes.

    private boolean admits(MessageView view) {
        heard();
        boolean isStatus = Arrivals.isStatus(view);
        if (end() != null) {
            return !isStatus;
        }
        if (isStatus) {
            return onStatus(view);
        }
        if (!takes(view)) {
            return false;
        }
        long size = countsBytes ? Arrivals.size(view) : 0;
        receivedMessages++;
        receivedBytes += size;
        if (!state.ready()) {
            state = state.late(1, size);
        }
        if (pulling.request().group() != null && view.headerLength() > 0) {
            String pin = Arrivals.headers(view).get("Nats-Pin-Id");
            if (pin != null && !pin.equals(state.pin())) {
                state = state.pin(pin);
            }
        }
        isThere();
        return true;
    }

    /** Whether it is the end, which the user is to see. */
    private boolean onStatus(MessageView view) {
        Headers headers = Arrivals.headers(view);
        Status status = Arrivals.status(headers);
        if (status == null) {
            return false;
        }
        long pull = Arrivals.lastNumber(view);
        if (status.code() == 100) {
            isThere();
            if (pull >= state.firstPull()) {
                onHeartbeat(headers);
            }
            return false;
        }
        boolean pinned = state.pin() != null;
        PullDecision decision = step(new PullEvent.Status(
                pull,
                status.code(),
                status.description(),
                Arrivals.number(headers, "Nats-Pending-Messages", -1),
                Arrivals.number(headers, "Nats-Pending-Bytes", -1)));
        if (decision instanceof PullDecision.End over) {
            ConsumeEnd how = over.end();
            String said = "cannot " + what() + ": the server says " + status;
            finish(how, how.isFailure() ? new ConsumeException(said, how, status, null) : null);
            return true;
        }
        report(status, pinned);
        return false;
    }

    private void report(Status status, boolean pinned) {
        String group = pulling.request().group();
        if (status.code() == 423 && group != null) {
            if (pinned) {
                reports().tell(new ConsumeEvent.PinLost(group));
            }
        } else if (status.code() != 404 && status.code() != 408) {
            reports().tell(new ConsumeEvent.PullEnded(status));
        }
    }

    @Override
    final boolean awaitsHeartbeats() {
        long buffered = receivedMessages - consumedMessages;
        return state.ready() && state.pendingMessages() > buffered && !state.waiting();
    }

    // From any thread.

    @Override
    final void handled(Message message) {
        progress.handled(message);
    }

    /** From any thread: the user has handled so much. */
    final void consumed(long messages, long bytes) {
        onLoop(() -> {
            consumedMessages += messages;
            consumedBytes += bytes;
            step(new PullEvent.Consumed(messages, bytes));
        });
    }

    /** From any thread: the user wants so many more. */
    final void demand(long messages) {
        onLoop(() -> step(new PullEvent.Demand(messages)));
    }

    @Override
    void onEnded() {
        cancel(deadline);
        cancel(due);
    }

    final Pulling pulling() {
        return pulling;
    }
}
