// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/**
 * How a drain ended.
 *
 * @param drained whether all that was received was handled, and nothing is to come; of a connection also whether what it
 *     published was written and confirmed
 * @param remaining how many messages were received and not handled: those that are pending, and those whose handlers are
 *     running
 * @param timedOut whether it ended because its time was over; if neither this nor {@code drained}, somebody else ended
 *     the subscription or the connection
 */
public record DrainResult(boolean drained, long remaining, boolean timedOut) {}
