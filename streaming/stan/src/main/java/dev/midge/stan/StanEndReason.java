// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

/** Why a session or a streaming connection ended. */
public enum StanEndReason {
    /** {@link StanConnection#close()} was called. */
    CLOSED_BY_USER,
    /** More pings than {@link StanOptions#maxPingsOut()} had no answer. */
    MAX_PINGS,
    /** The server says that the client was replaced by another one of its id, or is not registered any more. */
    REPLACED,
    /** The NATS connection was closed. */
    CONNECTION_CLOSED
}
