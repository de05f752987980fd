// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** The messages of the protocol, generated from {@code protocol.proto}. Used by the package above, and seen by nobody else. */
@NullMarked
package dev.midge.stan.pb;

import org.jspecify.annotations.NullMarked;
