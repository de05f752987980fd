// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

/**
 * A subscription as one session has it.
 *
 * @param inbox where the server delivers
 * @param ackInbox where it takes acks
 */
record Feed(Session session, String inbox, String ackInbox) {}
