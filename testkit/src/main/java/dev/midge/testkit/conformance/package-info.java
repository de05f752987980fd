// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Protocol conversations as data, and what plays them: against a server, to see whether it answers as nats-server does,
 * and with a client, to see whether it says what a client should. Called by {@code bench/midge conformance} and by tests.
 */
@NullMarked
package dev.midge.testkit.conformance;

import org.jspecify.annotations.NullMarked;
