// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Counts what an endpoint does. From any thread; a snapshot has all of a request or nothing of it. */
final class Counts {
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private long requests;
    private long errors;
    private String lastError = "";
    private long nanos;

    /** A request was handled, which took so long. */
    void handled(Request request, long took) {
        lock.lock();
        try {
            requests++;
            nanos += took;
            request.handled = true;
            if (request.error != null) {
                errors++;
                lastError = request.error;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something went wrong with a request, which counts once as long as it is being handled. */
    void failed(Request request, String error) {
        lock.lock();
        try {
            if (request.handled) {
                failed(error);
            } else {
                request.error = error;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something went wrong. */
    void failed(String error) {
        lock.lock();
        try {
            errors++;
            lastError = error;
        } finally {
            lock.unlock();
        }
    }

    void reset() {
        lock.lock();
        try {
            requests = 0;
            errors = 0;
            lastError = "";
            nanos = 0;
        } finally {
            lock.unlock();
        }
    }

    EndpointStats snapshot(EndpointInfo of, @Nullable Object data) {
        lock.lock();
        try {
            return new EndpointStats(
                    of.name(),
                    of.subject(),
                    of.queueGroup(),
                    requests,
                    errors,
                    lastError,
                    Duration.ofNanos(nanos),
                    Duration.ofNanos(requests == 0 ? 0 : nanos / requests),
                    data,
                    Map.of());
        } finally {
            lock.unlock();
        }
    }
}
