// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

/** Is told what happens to a streaming connection. Events come one at a time, in order, on the executor of the NATS connection; what it throws is logged. */
@FunctionalInterface
public interface StanListener {
    /** Something happened; switch over the sealed {@link StanEvent}. */
    void onEvent(StanEvent event);
}
