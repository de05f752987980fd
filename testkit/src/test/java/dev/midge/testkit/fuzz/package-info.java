// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Damages recorded traffic by seed and gives it to whatever is to take it; called by the fuzz tests of this module. */
@NullMarked
package dev.midge.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
