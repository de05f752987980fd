// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import org.jspecify.annotations.Nullable;

/**
 * No ack came, so nobody knows whether the message was stored. Publishing it again with the same {@linkplain
 * PublishOptions.Builder#messageId message id}, within the stream's duplicate window, stores it once. The cause says why no ack
 * came.
 */
public final class PublishOutcomeUnknownException extends JetStreamException {
    private static final long serialVersionUID = 1L;

    private final String subject;
    private final @Nullable String messageId;

    PublishOutcomeUnknownException(String subject, @Nullable String messageId, Throwable cause) {
        super(
                "publish to " + subject + (messageId == null ? "" : " with message id " + messageId)
                        + ": outcome unknown, it may have been stored: " + cause.getMessage(),
                cause);
        this.subject = subject;
        this.messageId = messageId;
    }

    /** What it was published to. */
    public String subject() {
        return subject;
    }

    /** The message id that it was published with, null if none. */
    public @Nullable String messageId() {
        return messageId;
    }
}
