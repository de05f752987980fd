// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** NATS Streaming. */
@NullMarked
package dev.midge.stan;

import org.jspecify.annotations.NullMarked;
