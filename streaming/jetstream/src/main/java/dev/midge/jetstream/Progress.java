// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Message;
import dev.midge.client.internal.CacheLine;

/**
 * Counts what the user has handled, and tells the engine some messages at a time. Of one thread at a time, but for what the
 * engine sets: it has a place here, as the event loop writes to all that is of the engine at each message.
 */
final class Progress extends CacheLine {
    /** A report is due for each such part of what may be pending. */
    private static final int PARTS = 8;

    private final PullEngine engine;
    private final boolean countsBytes;
    private int messages;
    private long bytes;

    private volatile long reportMessages;
    private volatile long reportBytes;

    Progress(PullEngine engine, PullPlan plan) {
        this.engine = engine;
        countsBytes = plan.maxBytes() > 0;
    }

    /** By the engine: how much is to be handled before it is told. */
    void reportAt(long newMessages, long newBytes) {
        reportMessages = newMessages;
        reportBytes = newBytes;
    }

    void handled(Message message) {
        messages++;
        if (countsBytes) {
            bytes += Arrivals.size(message);
        }
        if (messages >= reportMessages || (countsBytes && bytes >= reportBytes)) {
            engine.consumed(messages, bytes);
            messages = 0;
            bytes = 0;
        }
    }

    /** How much is reported at once, of what may be there before more is asked for. */
    static long part(long refill) {
        return Math.max(1, refill / PARTS);
    }
}
