// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of a client under test: commands go in, lines come out; docs/conformance.md says which. */
abstract class ClientSession implements AutoCloseable {
    /** What a command is answered by that has been done. */
    static final String OK = "ok";

    /** What a command is answered by that the client or its adapter does not know. */
    static final String UNSUPPORTED = "unsupported";

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** Gives a command, with all its bytes, and does not wait for it. */
    abstract void tell(String command);

    /** What the client says next, or null when it says nothing by then. */
    @Nullable
    String hear(long deadline) {
        try {
            return lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Takes what the client says, from any thread. */
    final void said(String line) {
        lines.add(line);
    }

    /** Ends the client, and blocks until it has. */
    @Override
    public abstract void close();
}
