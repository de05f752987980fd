// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/** How much of a subscription may be pending: received and not yet consumed. */
record PendingLimits(long messages, long bytes) {
    PendingLimits {
        Checks.positive("pending messages", messages);
        Checks.positive("pending bytes", bytes);
    }
}
