// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** The examples of the API, from outside of its package. */
@NullMarked
package dev.midge.stan.examples;

import org.jspecify.annotations.NullMarked;
