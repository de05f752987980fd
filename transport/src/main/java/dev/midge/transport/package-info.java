// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** One physical connection to a NATS server: event loops, sockets, handshake, outbound buffer. Called by the client. */
@NullMarked
package dev.midge.transport;

import org.jspecify.annotations.NullMarked;
