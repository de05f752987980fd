// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

/** Which of the actors that listen together comes first when as many handlers run as may run. */
public enum Priority {
    /** Before all others. */
    HIGH,
    /** The default. */
    NORMAL,
    /** When no others wait; but every 16th place goes to who has waited longest. */
    LOW
}
