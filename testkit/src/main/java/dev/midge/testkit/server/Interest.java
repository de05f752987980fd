// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import org.jspecify.annotations.Nullable;

/** Something that is put into a {@link SubjectTrie}. */
interface Interest {
    /** What it is interested in: tokens between dots, {@code *} for any one, {@code >} for all at the end. */
    String subject();

    /** The queue group whose one member gets a message; null for those who get all. */
    @Nullable
    String queue();
}
