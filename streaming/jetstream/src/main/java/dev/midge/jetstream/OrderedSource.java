// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.function.Supplier;

/**
 * Of what an ordered consumer makes consumers.
 *
 * @param config of the first one, but for its name
 * @param names each is given once
 */
record OrderedSource(Api api, String stream, ConsumerConfig config, Supplier<String> names) {
    String what() {
        return "read stream " + stream + " in order";
    }
}
