// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many messages go into a queue or out of it at once. Each batch costs a lock and perhaps the start of a thread, so
 * it may be large; the arrays begin small, as most subscriptions never need more.
 */
final class Batch {
    /** In messages. A read of 64 KiB brings some thousand small ones: their consumer begins before all are decoded. */
    static final int MOST = 512;

    /** After so many messages of one subscription, at least, the executor gets a chance to serve others. */
    static final int TURN = 1024;

    private static final int INITIAL = 16;
    private static final int GROWTH = 4;

    private Batch() {}

    /** An array to begin with, of a subscription whose batches are at most so large. */
    static @Nullable Message[] first(int most) {
        return new Message[Math.min(INITIAL, most)];
    }

    /** A larger array in place of one that was too small, with what that holds; the same one if it may not grow. */
    static @Nullable Message[] grown(@Nullable Message[] array, int most) {
        return array.length >= most ? array : Arrays.copyOf(array, Math.min(most, array.length * GROWTH));
    }
}
