// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** A count for each kind of frame. Thread-safe. */
final class FrameCounts {
    /** Filled at once and never changed, but for the counts. */
    private final Map<Frame, AtomicLong> counts = new EnumMap<>(Frame.class);

    FrameCounts() {
        for (Frame kind : Frame.ALL) {
            counts.put(kind, new AtomicLong());
        }
    }

    long get(Frame kind) {
        return count(kind).get();
    }

    void add(Frame kind, int more) {
        count(kind).addAndGet(more);
    }

    private AtomicLong count(Frame kind) {
        return Objects.requireNonNull(counts.get(Objects.requireNonNull(kind, "kind")));
    }
}
