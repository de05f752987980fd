// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

/** What happens to a publish when as many acks are outstanding as may be. */
public enum PublishOverflow {
    /** It waits for one of them, for at most the ack timeout; on an event loop it fails. */
    WAIT,
    /** It fails at once with {@link StanWindowFullException}. */
    FAIL
}
