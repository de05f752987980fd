// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/** What waits in a {@link PendingIndex}. */
final class Waiter implements PendingIndex.Entry {
    private long token;

    @Override
    public long token() {
        return token;
    }

    @Override
    public void token(long given) {
        token = given;
    }

    /** Gives one its place. */
    static Waiter in(PendingIndex<Waiter> index, long deadline) {
        Waiter waiter = new Waiter();
        index.add(waiter, deadline, IllegalStateException::new);
        return waiter;
    }
}
