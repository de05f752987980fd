// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Typed events with responses over JetStream, in the wire format of walnats 1.2.6. {@link dev.midge.events.Event} is where to
 * begin, {@link dev.midge.events.Events} has them connected; {@link dev.midge.events.Actor} is what is done at them.
 */
@NullMarked
package dev.midge.events;

import org.jspecify.annotations.NullMarked;
