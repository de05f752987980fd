// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.Endpoint;

/**
 * A server that a connection may go to, as it was when the list was made.
 *
 * @param endpoint where it listens; its text does not show a password or token
 * @param discovered whether another server announced it, rather than the options naming it
 * @param failures how many attempts to connect to it failed one after the other
 */
public record ServerState(Endpoint endpoint, boolean discovered, int failures) {}
