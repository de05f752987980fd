// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/** Takes messages of a subscription from its queue to the user's code, on the subscription's executor. */
interface Delivery {
    /** There are messages and the delivery is idle. */
    void wake();

    /** No messages will be added, or some were taken out since: a delivery that tells of the end has to look. */
    void ended();
}
