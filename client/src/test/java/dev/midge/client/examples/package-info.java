// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The programs that the API promises, compiled as its users compile them: outside of its package. Run against real
 * servers by the tests here.
 */
@NullMarked
package dev.midge.client.examples;

import org.jspecify.annotations.NullMarked;
