// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

/**
 * One comparison: a workload with messages of a size.
 *
 * @param size of payloads, in bytes; 0 where there are no messages
 * @param headers of each message
 * @param storage of the stream, {@code memory} or {@code file}; empty where there is none
 */
record Cell(Workload workload, int size, int headers, String storage) {
    /** As in {@code publish, 128 B, 3 headers}. */
    @Override
    public String toString() {
        return workload.label()
                + (storage.isEmpty() ? "" : ", " + storage)
                + (workload.hasMessages() ? ", " + size + " B" : "")
                + (headers == 0 ? "" : ", " + headers + " headers");
    }
}
