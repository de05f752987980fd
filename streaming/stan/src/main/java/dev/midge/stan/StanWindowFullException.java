// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

/** As many acks are outstanding as may be, {@link StanOptions#maxPubAcksInFlight()}; nothing was sent. */
public final class StanWindowFullException extends StanException {
    private static final long serialVersionUID = 1L;

    StanWindowFullException(String message) {
        super(message, null);
    }
}
