// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Servers and instruments for the tests of programs that use NATS: {@link dev.midge.testkit.EmbeddedServer} is a server
 * inside the JVM, {@link dev.midge.testkit.FrameProxy} a proxy that does harm. Tests call them, whichever client they
 * use.
 */
@NullMarked
package dev.midge.testkit;

import org.jspecify.annotations.NullMarked;
