// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/**
 * How much is pulled, and when.
 *
 * @param maxMessages most messages asked for and not handled
 * @param maxBytes likewise bytes; 0 for no such limit
 * @param refillMessages more is asked for when there are less
 * @param refillBytes likewise bytes
 * @param once whether it ends when a pull has run its course: a fetch
 * @param noWait whether it ends when there are no more messages at present
 * @param longestDelay before another attempt, in nanoseconds
 */
record PullPlan(
        int maxMessages,
        long maxBytes,
        int refillMessages,
        long refillBytes,
        boolean once,
        boolean noWait,
        long longestDelay) {}
