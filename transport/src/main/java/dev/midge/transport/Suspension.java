// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** Whether an {@link OutboundBuffer} has no channel for now, and what it owes its listener for that. Guarded by its lock. */
final class Suspension {
    /** Why there is no channel; null while there is one. */
    private @Nullable Throwable cause;

    private WhileSuspended policy = WhileSuspended.KEEP;

    /** Messages were dropped and the listener is going to be told. */
    private boolean reportDue;

    /** Somebody is to see to that, with this cause. */
    private @Nullable Throwable reportOwed;

    void begin(WhileSuspended whileSuspended, Throwable why) {
        policy = whileSuspended;
        cause = why;
    }

    void end() {
        cause = null;
    }

    boolean isOn() {
        return cause != null;
    }

    /** Why a message that was not admitted is dropped; null if it is refused instead. */
    @Nullable
    Throwable dropping(Outcome outcome) {
        return outcome == Outcome.SUSPENDED && policy == WhileSuspended.DISCARD ? cause : null;
    }

    /** Why what comes too late to be refused is dropped. */
    Throwable lost() {
        return cause != null ? cause : new ClosedChannelException();
    }

    /** A message was dropped. */
    void dropped(Throwable why) {
        if (!reportDue) {
            reportDue = true;
            reportOwed = why;
        }
    }

    /** Hands over what is owed: the report of all that was dropped, because of this. */
    @Nullable
    Throwable takeReportOwed() {
        Throwable owed = reportOwed;
        reportOwed = null;
        return owed;
    }

    /** The listener is told now; what is dropped from here on takes another report. */
    void reporting() {
        reportDue = false;
    }
}
