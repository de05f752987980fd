// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.ServerError.Operation;
import dev.midge.protocol.ServerError.PermissionsViolation;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of a connection by their sid. Any thread adds one, before its SUB is queued; all else is of the
 * event loop, which moves what was added into its map when it meets a sid that it does not know.
 */
final class Subscriptions {
    private final AtomicLong lastSid = new AtomicLong();
    private final Queue<NatsSubscription> added = new ConcurrentLinkedQueue<>();

    // Of the event loop.
    private final LongObjectHashMap<NatsSubscription> bySid = new LongObjectHashMap<>();
    private final List<QueuedSubscription> unflushed = new ArrayList<>();
    private @Nullable NatsSubscription lastFound;

    long nextSid() {
        return lastSid.incrementAndGet();
    }

    void add(NatsSubscription subscription) {
        added.add(subscription);
    }

    @Nullable
    NatsSubscription find(long sid) {
        NatsSubscription last = lastFound;
        if (last != null && last.sid() == sid) {
            return last;
        }
        NatsSubscription found = bySid.get(sid);
        if (found == null && adopt()) {
            found = bySid.get(sid);
        }
        lastFound = found;
        return found;
    }

    void remove(NatsSubscription subscription) {
        adopt();
        bySid.remove(subscription.sid());
        lastFound = null;
    }

    /** Remembers that a subscription has messages to hand over when the read is complete. */
    void needsFlush(QueuedSubscription subscription) {
        unflushed.add(subscription);
    }

    /** The read is complete: hands over what was decoded. */
    void flush() {
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).readComplete();
        }
        unflushed.clear();
    }

    /** The subscription that the server refused or withdrew; null if it is gone or the violation is of a publish. */
    @Nullable
    NatsSubscription denied(PermissionsViolation violation) {
        if (violation.operation() != Operation.SUBSCRIBE) {
            return null;
        }
        adopt();
        if (violation.sid() != 0) {
            return bySid.get(violation.sid());
        }
        for (NatsSubscription candidate : bySid.values()) { // of several alike each is refused, by an error of its own
            if (candidate.subject().equals(violation.subject())
                    && Objects.equals(candidate.queue(), violation.queue())) {
                return candidate;
            }
        }
        return null;
    }

    /** All there are, in no order. */
    void forEach(Consumer<NatsSubscription> action) {
        adopt();
        List.copyOf(bySid.values()).forEach(action);
    }

    private boolean adopt() {
        boolean any = false;
        for (NatsSubscription next = added.poll(); next != null; next = added.poll()) {
            bySid.put(next.sid(), next);
            any = true;
        }
        return any;
    }
}
