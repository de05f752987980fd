// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import java.util.concurrent.CompletableFuture;

/** A publish whose ack is awaited, and the future of it. Whoever completes it himself wants no ack any more. */
final class PendingAck extends CompletableFuture<String> {
    private final Publisher publisher;
    private final String guid;
    private final String subject;
    private final Session session;
    private final boolean awaited;
    private final long deadline;

    /** Written by whoever takes it out of the outstanding ones. */
    private volatile boolean settled;

    PendingAck(Publisher publisher, String guid, String subject, Session session, boolean awaited, long deadline) {
        this.publisher = publisher;
        this.guid = guid;
        this.subject = subject;
        this.session = session;
        this.awaited = awaited;
        this.deadline = deadline;
    }

    String guid() {
        return guid;
    }

    String subject() {
        return subject;
    }

    Session session() {
        return session;
    }

    /** Whether a thread waits for it: then it is completed in place. */
    boolean isAwaited() {
        return awaited;
    }

    /** On the clock of the event loop, in nanoseconds. */
    long deadline() {
        return deadline;
    }

    boolean isSettled() {
        return settled;
    }

    void settled() {
        settled = true;
    }

    void settle(String value) {
        super.complete(value);
    }

    void settleExceptionally(Throwable cause) {
        super.completeExceptionally(cause);
    }

    @Override
    public boolean complete(String value) {
        publisher.take(this);
        return super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable cause) {
        publisher.take(this);
        return super.completeExceptionally(cause);
    }

    @Override
    public boolean cancel(boolean ignored) {
        publisher.take(this);
        return super.cancel(ignored);
    }
}
