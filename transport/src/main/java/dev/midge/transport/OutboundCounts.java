// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

/**
 * Where everything is that an {@link OutboundBuffer} ever accepted, at one moment: for messages (PUB and HPUB) and for
 * bytes (of all frames) alike, {@code accepted = written + queued + discarded}.
 *
 * @param acceptedMessages messages that were taken from their publishers
 * @param writtenMessages messages handed to the socket whole
 * @param queuedMessages messages in the buffer or only in part handed to the socket
 * @param discardedMessages messages that will not be written, reported as discarded
 * @param acceptedBytes bytes of the frames taken
 * @param writtenBytes bytes handed to the socket
 * @param queuedBytes bytes in the buffer
 * @param discardedBytes bytes that will not be written
 */
public record OutboundCounts(
        long acceptedMessages,
        long writtenMessages,
        long queuedMessages,
        long discardedMessages,
        long acceptedBytes,
        long writtenBytes,
        long queuedBytes,
        long discardedBytes) {}
