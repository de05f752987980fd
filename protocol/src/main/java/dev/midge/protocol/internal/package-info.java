// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** What the modules of Midge share and do not promise to anybody else. Called by those that the module names in its exports. */
@NullMarked
package dev.midge.protocol.internal;

import org.jspecify.annotations.NullMarked;
