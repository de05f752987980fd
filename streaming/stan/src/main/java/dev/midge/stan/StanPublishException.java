// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import org.jspecify.annotations.Nullable;

/** A message was not acknowledged. */
public final class StanPublishException extends StanException {
    private static final long serialVersionUID = 1L;

    private final String subject;
    private final String guid;
    private final boolean outcomeUnknown;

    private StanPublishException(
            String message, String subject, String guid, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(message, cause);
        this.subject = subject;
        this.guid = guid;
        this.outcomeUnknown = outcomeUnknown;
    }

    static StanPublishException notStored(String subject, String guid, String why, @Nullable Throwable cause) {
        return new StanPublishException(
                "cannot publish to channel " + subject + ": " + why + "; nothing was stored",
                subject,
                guid,
                false,
                cause);
    }

    static StanPublishException unknown(String subject, String guid, String why, @Nullable Throwable cause) {
        return new StanPublishException(
                "publish to channel " + subject + " with guid " + guid + ": outcome unknown, it may have been stored: "
                        + why,
                subject,
                guid,
                true,
                cause);
    }

    /** The channel. */
    public String subject() {
        return subject;
    }

    /** The id of the publish. */
    public String guid() {
        return guid;
    }

    /** Whether the message may have been stored all the same; if not, it was not. */
    public boolean isOutcomeUnknown() {
        return outcomeUnknown;
    }
}
