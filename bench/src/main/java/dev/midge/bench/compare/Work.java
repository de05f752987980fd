// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;

/** What a contender does at each turn; prepared before the first one. */
interface Work extends AutoCloseable {
    /** For so long, or until the end of what comes. */
    Outcome run(double seconds) throws Exception;

    @Override
    void close() throws IOException;
}
