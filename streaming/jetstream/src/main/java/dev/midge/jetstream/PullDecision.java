// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** What is to be done. */
sealed interface PullDecision {
    /** Nothing. */
    record Nothing() implements PullDecision {}

    /** A pull is to be sent. */
    record Pull(long number, int batch, long maxBytes) implements PullDecision {}

    /** {@link PullEvent.Due} is to come after a while, in nanoseconds. */
    record Later(long nanos) implements PullDecision {}

    /** As {@link Later}, and meanwhile it is to be found out whether there still is a consumer. */
    record Verify(long nanos) implements PullDecision {}

    /** It is over. */
    record End(ConsumeEnd end) implements PullDecision {}
}
