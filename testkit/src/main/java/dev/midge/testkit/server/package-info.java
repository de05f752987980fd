// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The embedded server behind {@link dev.midge.testkit.EmbeddedServer}, which alone calls it: everything here but the
 * settings belongs to one event loop. Its behaviour is nats-server's 2.15.2, down to which mistakes end a connection.
 */
@NullMarked
package dev.midge.testkit.server;

import org.jspecify.annotations.NullMarked;
