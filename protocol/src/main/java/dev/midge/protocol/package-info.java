// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Bytes to frames and frames to bytes, and the values they carry. Called by the transport on a connection's event loop, and by the client for validation. */
@NullMarked
package dev.midge.protocol;

import org.jspecify.annotations.NullMarked;
