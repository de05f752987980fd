// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Leak check, scripted server and nats-server launcher: what the tests of every module need, Midge's own lowest
 * modules included. Nothing in here depends on Midge.
 */
@NullMarked
package dev.midge.testkit.base;

import org.jspecify.annotations.NullMarked;
