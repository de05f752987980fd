// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * JetStream: streams and consumers. {@link dev.midge.jetstream.JetStream} is the entry; the classes with the names of the API's
 * objects ({@link dev.midge.jetstream.StreamConfig}, {@link dev.midge.jetstream.ConsumerInfo}) are its JSON, immutable.
 */
@NullMarked
package dev.midge.jetstream;

import org.jspecify.annotations.NullMarked;
