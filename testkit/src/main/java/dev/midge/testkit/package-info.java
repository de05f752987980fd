// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Servers and instruments to test code that uses NATS, for users and for Midge's own tests. */
@NullMarked
package dev.midge.testkit;

import org.jspecify.annotations.NullMarked;
