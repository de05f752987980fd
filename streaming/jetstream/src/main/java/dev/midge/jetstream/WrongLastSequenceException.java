// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/**
 * A message was not stored because the last one, of the stream or of the subject, is not the one that was {@linkplain
 * PublishOptions.Builder#expectedLastSequence expected}: somebody else was faster.
 */
public final class WrongLastSequenceException extends JetStreamApiException {
    private static final long serialVersionUID = 1L;

    /** JSStreamWrongLastSequenceErrF, which names the sequence, and JSStreamWrongLastSequenceConstantErr, which does not. */
    private static final int NAMED = 10071;

    private static final int CONSTANT = 10164;

    WrongLastSequenceException(String what, ApiError error) {
        super(what, error);
    }

    static boolean isIt(ApiError error) {
        return error.errCode() == NAMED || error.errCode() == CONSTANT;
    }
}
