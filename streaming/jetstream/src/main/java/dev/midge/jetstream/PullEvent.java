// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** What may call for another pull. */
sealed interface PullEvent {
    /** There is a server to ask now, perhaps another one, and nothing comes any more of what was asked before. */
    record Ready() implements PullEvent {}

    /** There is nobody to ask, or nobody who answers: nothing that was asked before counts. */
    record Lost() implements PullEvent {}

    /** The user wants so many more. */
    record Demand(long messages) implements PullEvent {}

    /** The user has handled so much. */
    record Consumed(long messages, long bytes) implements PullEvent {}

    /** A pull could not be sent. */
    record Unsent(long pull) implements PullEvent {}

    /** The wait before another attempt is over. */
    record Due() implements PullEvent {}

    /**
     * The server said something in place of a message.
     *
     * @param pull which pull it answers
     * @param code as 409
     * @param text as {@code Consumer Deleted}
     * @param messages how many the server will not send of those that it was asked for; negative if it does not say
     * @param bytes likewise
     */
    record Status(long pull, int code, String text, long messages, long bytes) implements PullEvent {}
}
