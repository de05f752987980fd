// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** Why a consumption or a fetch has no more messages. */
public enum ConsumeEnd {
    /** As many came as were asked for, messages or bytes. */
    COMPLETE(false),
    /** The time was over. */
    EXPIRED(false),
    /** There were no more, and none were to be waited for. */
    NO_MESSAGES(false),
    /** It was stopped, drained, closed or cancelled. */
    STOPPED(false),
    /** The consumer was deleted. */
    CONSUMER_DELETED(true),
    /** The stream was deleted. */
    STREAM_DELETED(true),
    /** The consumer delivers to a subject of its own: see {@link PushConsumer}. */
    PUSH_CONSUMER(true),
    /** The server refuses what it was asked, and would do so again. */
    REFUSED(true),
    /** A message is larger than all the bytes that may be asked for. */
    MESSAGE_TOO_LARGE(true),
    /** The connection has ended, or is being drained. */
    CONNECTION_CLOSED(false);

    private final boolean failure;

    ConsumeEnd(boolean failure) {
        this.failure = failure;
    }

    /** Whether nobody wanted that: {@link ConsumeException} tells more. */
    boolean isFailure() {
        return failure;
    }
}
