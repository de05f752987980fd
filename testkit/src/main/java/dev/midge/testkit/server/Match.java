// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import java.util.List;

/**
 * All that is interested in one subject.
 *
 * @param plain without queue group
 * @param queues the members of each group, of which none is empty
 */
record Match<T extends Interest>(List<T> plain, List<List<T>> queues) {
    static <T extends Interest> Match<T> none() {
        return new Match<>(List.of(), List.of());
    }

    boolean isEmpty() {
        return plain.isEmpty() && queues.isEmpty();
    }
}
