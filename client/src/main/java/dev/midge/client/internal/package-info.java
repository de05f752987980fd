// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** What the modules built on the client need of a connection beyond its API. Called by those that the module names in its exports, and promised to nobody else. */
@NullMarked
package dev.midge.client.internal;

import org.jspecify.annotations.NullMarked;
