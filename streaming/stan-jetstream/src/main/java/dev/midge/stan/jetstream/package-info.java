// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Copies channels of NATS Streaming into streams of JetStream, for those who move. Used by applications, on a connection to each. */
@NullMarked
package dev.midge.stan.jetstream;

import org.jspecify.annotations.NullMarked;
