// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import org.jspecify.annotations.Nullable;

/**
 * What a stream says of a message that it has stored. Source: {@code struct PubAck} in nats-server's stream.go.
 *
 * @param stream the name of the stream
 * @param sequence the number of the message in it
 * @param domain the domain of the stream, null if that has no name
 * @param duplicate whether the stream had a message of this id before, within its duplicate window: it has that one, with
 *     this number, and did not store another
 * @param value of a counter, what it stands at now, as a decimal number; else null
 */
public record PublishAck(
        String stream,
        long sequence,
        @Nullable String domain,
        boolean duplicate,
        @Nullable String value) {}
