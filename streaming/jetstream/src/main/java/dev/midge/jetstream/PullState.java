// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.jetstream.PullDecision.Pull;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the pulls of a consumption are.
 *
 * @param pendingMessages asked for, and neither handled nor refused: still at the server, on the way, or waiting for the user
 * @param pendingBytes likewise; counts only where bytes are asked for
 * @param bufferedMessages of the pending those that have come
 * @param bufferedBytes likewise
 * @param wanted how many more may be asked for; the greatest number for all there are
 * @param ready whether there is somebody to ask
 * @param waiting whether {@link PullEvent.Due} is to come before another pull
 * @param firstPull the number of the first pull that still counts
 * @param nextPull the number of the next one
 * @param failures how many attempts failed, one behind the other
 * @param batchLimit more messages than the server takes at once
 * @param byteLimit likewise bytes
 * @param whole whether the next pull must ask for all the bytes that may be, as less was not enough for the next message
 * @param pin the id of the pinned client of the group, if that is this one
 * @param open the newest pulls, which may be answered by a status
 */
record PullState(
        long pendingMessages,
        long pendingBytes,
        long bufferedMessages,
        long bufferedBytes,
        long wanted,
        boolean ready,
        boolean waiting,
        long firstPull,
        long nextPull,
        int failures,
        int batchLimit,
        long byteLimit,
        boolean whole,
        @Nullable String pin,
        List<Pull> open) {
    /** Refusals come at once, so that they are of the newest ones. */
    private static final int MOST_OPEN = 16;

    static final long ALL = Long.MAX_VALUE;

    static PullState initial(long wanted) {
        return new PullState(0, 0, 0, 0, wanted, false, false, 1, 1, 0, Integer.MAX_VALUE, ALL, false, null, List.of());
    }

    /** At the server, or on the way from it. */
    long outstandingMessages() {
        return pendingMessages - bufferedMessages;
    }

    PullState buffered(long messages, long bytes) {
        Edit edit = new Edit(this);
        edit.bufferedMessages = messages;
        edit.bufferedBytes = bytes;
        return edit.done();
    }

    PullState ready(boolean now) {
        Edit edit = new Edit(this);
        edit.ready = now;
        edit.waiting = false;
        return edit.done();
    }

    PullState demand(long more) {
        return pending(pendingMessages, pendingBytes, plus(wanted, more));
    }

    private static long plus(long wanted, long more) {
        return wanted == ALL || wanted + more < 0 ? ALL : wanted + more;
    }

    private PullState pending(long messages, long bytes, long nowWanted) {
        Edit edit = new Edit(this);
        edit.pendingMessages = Math.max(0, messages);
        edit.pendingBytes = Math.max(0, bytes);
        edit.wanted = nowWanted;
        return edit.done();
    }

    PullState consumed(long messages, long bytes) {
        return pending(pendingMessages - messages, pendingBytes - bytes, wanted);
    }

    /** It came though it does not count any more as asked for. */
    PullState late(long messages, long bytes) {
        long left = wanted == ALL ? ALL : Math.max(0, wanted - messages);
        return pending(pendingMessages + messages, pendingBytes + bytes, left);
    }

    /** So much will not come of what was asked for. */
    PullState released(long messages, long bytes) {
        long back = Math.min(messages, pendingMessages);
        return pending(pendingMessages - back, pendingBytes - bytes, plus(wanted, back));
    }

    /** Nothing will come of what was asked for. */
    PullState reset() {
        PullState fresh = pending(bufferedMessages, bufferedBytes, plus(wanted, Math.max(0, outstandingMessages())));
        return fresh.with(nextPull, nextPull, failures, whole, List.of());
    }

    private PullState with(long first, long next, int failed, boolean nextWhole, List<Pull> nowOpen) {
        Edit edit = new Edit(this);
        edit.firstPull = first;
        edit.nextPull = next;
        edit.failures = failed;
        edit.whole = nextWhole;
        edit.open = nowOpen;
        return edit.done();
    }

    PullState asked(Pull pull) {
        List<Pull> nowOpen = new ArrayList<>(open.size() < MOST_OPEN ? open : open.subList(1, MOST_OPEN));
        nowOpen.add(pull);
        long left = wanted == ALL ? ALL : wanted - pull.batch();
        return pending(pendingMessages + pull.batch(), pendingBytes + pull.maxBytes(), left)
                .with(firstPull, nextPull + 1, failures, false, List.copyOf(nowOpen));
    }

    @Nullable
    Pull find(long pull) {
        for (Pull candidate : open) {
            if (candidate.number() == pull) {
                return candidate;
            }
        }
        return null;
    }

    PullState closed(@Nullable Pull pull) {
        List<Pull> left = new ArrayList<>(open);
        left.remove(pull);
        return with(firstPull, nextPull, failures, whole, List.copyOf(left));
    }

    PullState failures(int now) {
        return with(firstPull, nextPull, now, whole, open);
    }

    PullState needsWhole() {
        return with(firstPull, nextPull, failures, true, open);
    }

    PullState waiting(boolean now) {
        Edit edit = new Edit(this);
        edit.waiting = now;
        return edit.done();
    }

    PullState limits(int messages, long bytes) {
        Edit edit = new Edit(this);
        edit.batchLimit = messages;
        edit.byteLimit = bytes;
        return edit.done();
    }

    PullState pin(@Nullable String id) {
        Edit edit = new Edit(this);
        edit.pin = id;
        return edit.done();
    }

    /** A state that is to be the same but for some of it. */
    private static final class Edit {
        private long pendingMessages;
        private long pendingBytes;
        private long bufferedMessages;
        private long bufferedBytes;
        private long wanted;
        private boolean ready;
        private boolean waiting;
        private long firstPull;
        private long nextPull;
        private int failures;
        private int batchLimit;
        private long byteLimit;
        private boolean whole;
        private @Nullable String pin;
        private List<Pull> open;

        Edit(PullState of) {
            pendingMessages = of.pendingMessages;
            pendingBytes = of.pendingBytes;
            bufferedMessages = of.bufferedMessages;
            bufferedBytes = of.bufferedBytes;
            wanted = of.wanted;
            ready = of.ready;
            waiting = of.waiting;
            firstPull = of.firstPull;
            nextPull = of.nextPull;
            failures = of.failures;
            batchLimit = of.batchLimit;
            byteLimit = of.byteLimit;
            whole = of.whole;
            pin = of.pin;
            open = of.open;
        }

        PullState done() {
            return new PullState(
                    pendingMessages,
                    pendingBytes,
                    bufferedMessages,
                    bufferedBytes,
                    wanted,
                    ready,
                    waiting,
                    firstPull,
                    nextPull,
                    failures,
                    batchLimit,
                    byteLimit,
                    whole,
                    pin,
                    open);
        }
    }
}
