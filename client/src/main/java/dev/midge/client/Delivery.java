// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/** Takes messages of a subscription from its queue to the user's code, on the subscription's executor. */
interface Delivery {
    /** There are messages and the delivery is idle. */
    void wake();

    /** There will be no more messages than there are in the queue. */
    void ended();
}
