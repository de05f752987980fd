// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The pending queue and the pending requests under stress: what the event loop shares with users. In the package that it
 * tests, as that is not open to others; run by jcstress.
 */
@NullMarked
package dev.midge.client;

import org.jspecify.annotations.NullMarked;
