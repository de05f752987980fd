// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The replies that a connection may publish because it was asked: so many to each reply-to subject, for so long. */
final class Responses {
    /** nats-server has no bound but time; the oldest go first here. */
    private static final int MAX_OWED = 65_536;

    private final int max;
    private final long nanos;
    private final Map<String, Owed> owed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Owed> eldest) {
            return size() > MAX_OWED || eldest.getValue().isOver(nanos);
        }
    };

    private static final class Owed {
        private final long since = System.nanoTime();
        private int published;

        boolean isOver(long nanos) {
            return System.nanoTime() - since > nanos;
        }
    }

    Responses(int max, long nanos) {
        this.max = max;
        this.nanos = nanos;
    }

    void owe(String reply) {
        owed.remove(reply);
        owed.put(reply, new Owed());
    }

    boolean allow(String subject) {
        @Nullable Owed entry = owed.get(subject);
        if (entry == null) {
            return false;
        }
        if (++entry.published > max || entry.isOver(nanos)) {
            owed.remove(subject);
            return false;
        }
        return true;
    }
}
