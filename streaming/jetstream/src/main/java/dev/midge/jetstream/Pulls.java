// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.jetstream.PullDecision.End;
import dev.midge.jetstream.PullDecision.Later;
import dev.midge.jetstream.PullDecision.Nothing;
import dev.midge.jetstream.PullDecision.Pull;
import dev.midge.jetstream.PullDecision.Verify;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is pulled next: the one place that does, for consumptions, fetches, and publishers. Knows no clock, no
 * connection and no thread. Source: ADR-37, ADR-42; consumer.go in nats-server for the statuses.
 */
final class Pulls {
    private static final PullDecision NOTHING = new Nothing();

    private static final long FIRST_DELAY = 100_000_000;
    private static final int MOST_DOUBLINGS = 10;

    /** {@code Exceeded MaxRequestBatch of 10}. */
    private static final Pattern BATCH_LIMIT = Pattern.compile("Exceeded MaxRequestBatch of (\\d{1,9})");

    private static final Pattern BYTE_LIMIT = Pattern.compile("Exceeded MaxRequestMaxBytes of (\\d{1,18})");

    private Pulls() {}

    static PullStep nextPull(PullPlan plan, PullState state, PullEvent event) {
        if (event instanceof PullEvent.Consumed consumed) {
            return refill(
                    plan, state.consumed(consumed.messages(), consumed.bytes()).failures(0));
        } else if (event instanceof PullEvent.Status status) {
            return onStatus(plan, state, status);
        } else if (event instanceof PullEvent.Demand demand) {
            return refill(plan, state.demand(demand.messages()));
        } else if (event instanceof PullEvent.Ready) {
            return refill(plan, state.reset().ready(true).failures(0));
        } else if (event instanceof PullEvent.Due) {
            return refill(plan, state.waiting(false));
        } else if (event instanceof PullEvent.Unsent unsent) {
            return later(plan, release(state, unsent.pull(), -1, -1));
        }
        return new PullStep(state.reset().ready(false), NOTHING); // Lost
    }

    /** Asks for as much as there is room for and is wanted, if little enough is left. */
    private static PullStep refill(PullPlan plan, PullState state) {
        long mostMessages = Math.min(plan.maxMessages(), state.batchLimit());
        long mostBytes = Math.min(plan.maxBytes(), state.byteLimit());
        boolean little = state.pendingMessages() < Math.min(plan.refillMessages(), mostMessages)
                && (plan.maxBytes() == 0 || state.pendingBytes() < Math.min(plan.refillBytes(), mostBytes))
                && (!state.whole() || state.pendingBytes() == 0);
        if (!state.ready() || state.waiting() || state.wanted() == 0 || !little) {
            return new PullStep(state, NOTHING);
        }
        long room = Math.min(mostMessages - state.pendingMessages(), state.wanted());
        long bytes = plan.maxBytes() == 0 ? 0 : mostBytes - state.pendingBytes();
        Pull pull = new Pull(state.nextPull(), (int) room, bytes);
        return new PullStep(state.asked(pull), pull);
    }

    private static PullStep onStatus(PullPlan plan, PullState state, PullEvent.Status status) {
        String text = status.text();
        if (status.code() == 100) {
            return new PullStep(state, NOTHING);
        }
        if (status.pull() < state.firstPull()) {
            return new PullStep(state, NOTHING); // of a pull that was given up
        }
        ConsumeEnd end = terminal(status.code(), text);
        if (end != null) {
            return new PullStep(state, new End(end));
        }
        PullState left = release(state, status.pull(), status.messages(), status.bytes());
        return switch (status.code()) {
            case 404 -> plan.once() ? end(left, ConsumeEnd.NO_MESSAGES) : later(plan, left);
            case 408 -> plan.once() ? end(left, expired(plan)) : refill(plan, left.failures(0));
            case 409 -> onConflict(plan, state, left, status);
            case 423 -> refill(plan, left.pin(null));
            case 503 -> {
                PullStep step = later(plan, left);
                yield step.decision() instanceof Later wait
                        ? new PullStep(step.state(), new Verify(wait.nanos()))
                        : step;
            }
            default -> later(plan, left);
        };
    }

    private static @Nullable ConsumeEnd terminal(int code, String text) {
        if (code == 409) {
            return switch (text) {
                case "Consumer Deleted" -> ConsumeEnd.CONSUMER_DELETED;
                case "Consumer is push based" -> ConsumeEnd.PUSH_CONSUMER;
                default -> text.startsWith("Exceeded MaxRequestExpires") ? ConsumeEnd.REFUSED : null;
            };
        }
        return code == 400 || code == 412 ? ConsumeEnd.REFUSED : null;
    }

    private static PullStep onConflict(PullPlan plan, PullState before, PullState left, PullEvent.Status status) {
        String text = status.text();
        Matcher batch = BATCH_LIMIT.matcher(text);
        Matcher bytes = BYTE_LIMIT.matcher(text);
        if (text.equals("Leadership Change")) {
            return refill(plan, before.reset());
        } else if (text.equals("Batch Completed")) {
            return plan.once() ? end(left, complete(plan)) : refill(plan, left.failures(0));
        } else if (text.equals("Message Size Exceeds MaxBytes")) {
            return onTooLarge(plan, before, left, status);
        } else if (batch.matches()) {
            int limit = Integer.parseInt(batch.group(1));
            return !plan.once() && limit > 0 && limit < before.batchLimit()
                    ? refill(plan, left.limits(limit, before.byteLimit()))
                    : end(left, ConsumeEnd.REFUSED);
        } else if (bytes.matches()) {
            long limit = Long.parseLong(bytes.group(1));
            return limit > 0 && limit < before.byteLimit() && plan.maxBytes() > 0
                    ? refill(plan, left.limits(before.batchLimit(), limit))
                    : end(left, ConsumeEnd.REFUSED);
        }
        return later(plan, left); // Server Shutdown, Exceeded MaxWaiting, and what may be said one day
    }

    /** Also what a pull that does not wait ends with when it has got what there is. */
    private static ConsumeEnd expired(PullPlan plan) {
        return plan.noWait() ? ConsumeEnd.NO_MESSAGES : ConsumeEnd.EXPIRED;
    }

    private static ConsumeEnd complete(PullPlan plan) {
        return plan.maxBytes() > 0 ? ConsumeEnd.COMPLETE : ConsumeEnd.EXPIRED;
    }

    /** The next message is larger than what was left: another pull that is no larger would not get it either. */
    private static PullStep onTooLarge(PullPlan plan, PullState before, PullState left, PullEvent.Status status) {
        Pull pull = before.find(status.pull());
        if (pull != null
                && status.bytes() >= pull.maxBytes()
                && pull.maxBytes() >= Math.min(plan.maxBytes(), before.byteLimit())) {
            return end(left, ConsumeEnd.MESSAGE_TOO_LARGE);
        }
        return plan.once() ? end(left, ConsumeEnd.COMPLETE) : refill(plan, left.needsWhole());
    }

    /** Takes off what will not come of a pull; where the server does not say, that is all of it. */
    private static PullState release(PullState state, long number, long messages, long bytes) {
        Pull pull = state.find(number);
        long askedMessages = pull == null ? Math.max(0, state.outstandingMessages()) : pull.batch();
        long askedBytes = pull == null ? Math.max(0, state.pendingBytes() - state.bufferedBytes()) : pull.maxBytes();
        return state.released(messages < 0 ? askedMessages : messages, bytes < 0 ? askedBytes : bytes)
                .closed(pull);
    }

    private static PullStep end(PullState state, ConsumeEnd end) {
        return new PullStep(state, new End(end));
    }

    private static PullStep later(PullPlan plan, PullState state) {
        if (state.waiting()) {
            return new PullStep(state, NOTHING);
        }
        long delay = Math.min(FIRST_DELAY << Math.min(state.failures(), MOST_DOUBLINGS), plan.longestDelay());
        return new PullStep(state.failures(state.failures() + 1).waiting(true), new Later(delay));
    }
}
