// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** The programs of the documentation, from outside of the package that they use. Called by tests. */
@NullMarked
package dev.midge.events.examples;

import org.jspecify.annotations.NullMarked;
