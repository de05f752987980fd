// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/**
 * Counts of a connection since it began, at one moment. Of what was published, {@code outAccepted = outWritten +
 * outQueued + outDiscarded} and likewise for the bytes.
 *
 * @param inMessages messages received: MSG and HMSG
 * @param inBytes bytes received from the socket
 * @param droppedMessages messages received and dropped because a subscription was at its limits
 * @param unmatchedMessages messages received for a subscription that had ended
 * @param lateReplies of those received, replies to requests that had ended, and so dropped
 * @param outAccepted messages accepted for publishing: PUB and HPUB
 * @param outWritten of these, messages handed to the socket whole
 * @param outQueued of these, messages waiting for the socket
 * @param outDiscarded of these, messages discarded and reported
 * @param outAcceptedBytes bytes accepted, of all frames
 * @param outWrittenBytes of these, bytes handed to the socket
 * @param outQueuedBytes of these, bytes waiting for the socket
 * @param outDiscardedBytes of these, bytes discarded
 * @param reconnects how often another server, or the same once more, took the connection after it was lost
 */
public record Statistics(
        long inMessages,
        long inBytes,
        long droppedMessages,
        long unmatchedMessages,
        long lateReplies,
        long outAccepted,
        long outWritten,
        long outQueued,
        long outDiscarded,
        long outAcceptedBytes,
        long outWrittenBytes,
        long outQueuedBytes,
        long outDiscardedBytes,
        long reconnects) {}
