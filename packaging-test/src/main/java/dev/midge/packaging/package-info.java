// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** A user's program on the module path. Run by the tests of this module in a JVM of its own. */
@NullMarked
package dev.midge.packaging;

import org.jspecify.annotations.NullMarked;
