// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Benchmarks and the demo; nothing depends on it. */
@NullMarked
package dev.midge.bench;

import org.jspecify.annotations.NullMarked;
