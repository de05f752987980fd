// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** JetStream: streams and consumers. */
@NullMarked
package dev.midge.jetstream;

import org.jspecify.annotations.NullMarked;
