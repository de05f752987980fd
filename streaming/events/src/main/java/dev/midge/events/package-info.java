// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** Typed events with responses over JetStream. */
@NullMarked
package dev.midge.events;

import org.jspecify.annotations.NullMarked;
