// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Other clients, to be measured beside Midge: in profile {@code peers} alone. */
@NullMarked
package dev.midge.bench.peers;

import org.jspecify.annotations.NullMarked;
