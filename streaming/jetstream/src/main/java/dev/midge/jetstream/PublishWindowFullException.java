// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** As many acks are outstanding as may be: {@link JetStreamOptions#publishWindow()}. Nothing was sent. */
public final class PublishWindowFullException extends JetStreamException {
    private static final long serialVersionUID = 1L;

    PublishWindowFullException(String message) {
        super(message);
    }
}
