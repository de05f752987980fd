// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The outbound hand-off under stress: what publishers give to the event loop. In the package that it tests, as that is
 * not open to others; run by jcstress.
 */
@NullMarked
package dev.midge.transport;

import org.jspecify.annotations.NullMarked;
