// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** Which consumer is pulled from. */
interface ConsumerName {
    /** The stream. */
    String stream();

    /** The consumer, at present. */
    String name();

    /** One whose name does not change. */
    record Fixed(String stream, String name) implements ConsumerName {}
}
