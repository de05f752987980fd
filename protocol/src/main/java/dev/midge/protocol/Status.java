// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

/**
 * What a server says in place of an answer, in the first line of a header block: {@code NATS/1.0 503} or
 * {@code NATS/1.0 100 Idle Heartbeat} (ADR-4).
 *
 * @param code three digits, as 503
 * @param description the rest of the line, empty when there is none
 */
public record Status(int code, String description) {
    /** The code that answers a request nobody listens to. */
    public static final int NO_RESPONDERS = 503;

    @Override
    public String toString() {
        return description.isEmpty() ? Integer.toString(code) : code + " " + description;
    }
}
