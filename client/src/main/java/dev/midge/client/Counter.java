// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.concurrent.atomic.AtomicLong;

/** A count with one writer at a time, which therefore needs no atomic addition, and any number of readers. */
final class Counter extends AtomicLong {
    private static final long serialVersionUID = 1L;

    void add(long n) {
        setRelease(getPlain() + n);
    }
}
