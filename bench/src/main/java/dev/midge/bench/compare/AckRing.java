// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The acks that are under way: before one more message is sent, that of the message so many before it must have come. So no
 * failure goes unseen, and a client without a window of its own has one.
 */
public final class AckRing implements Client.AckedSender {
    /** Publishes the message of a job. */
    public interface AsyncSender {
        /** Completes with the ack. */
        CompletableFuture<?> send() throws Exception;
    }

    private final AsyncSender sender;
    private final @Nullable CompletableFuture<?>[] acks;
    private int next;

    /** @param inFlight how many there may be */
    public AckRing(int inFlight, AsyncSender sender) {
        this.sender = sender;
        acks = new CompletableFuture<?>[inFlight];
    }

    @Override
    public void send() throws Exception {
        await(next);
        acks[next] = sender.send();
        next = next + 1 == acks.length ? 0 : next + 1;
    }

    private void await(int index) throws Exception {
        CompletableFuture<?> ack = acks[index];
        if (ack != null) {
            Object unused = ack.get();
        }
    }

    @Override
    public void awaitAll() throws Exception {
        for (int i = 0; i < acks.length; i++) {
            await(i);
            acks[i] = null;
        }
    }
}
