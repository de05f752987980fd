// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * {@code bench/midge compare}: Midge and other clients at the same work in turns, each in a process of its own. {@link
 * dev.midge.bench.compare.Compare} starts the processes, tells them when it is their turn, and reports what they say;
 * {@link dev.midge.bench.compare.ClientProgram} is what those of the JVM share.
 */
@NullMarked
package dev.midge.bench.compare;

import org.jspecify.annotations.NullMarked;
