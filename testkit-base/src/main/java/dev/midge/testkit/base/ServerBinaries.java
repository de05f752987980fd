// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.opentest4j.TestAbortedException;

/**
 * The binaries that this JVM has looked for, so that each is looked for once, and what a missing one means for a
 * test.
 */
final class ServerBinaries {
    private static final ServerBinaries OF_THIS_JVM =
            new ServerBinaries(System.getenv(), new NatsServerBinary(System.getenv()));

    private final boolean required;
    private final NatsServerBinary search;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Path> found = new HashMap<>();
    private final Map<String, String> missing = new HashMap<>();

    ServerBinaries(Map<String, String> environment, NatsServerBinary search) {
        required = environment.getOrDefault("CI", "").toLowerCase(Locale.ROOT).equals("true");
        this.search = search;
    }

    static Path find(ServerProgram program) {
        return OF_THIS_JVM.get(program);
    }

    /**
     * The binary of a version.
     *
     * @throws AssertionError when there is none and the environment says {@code CI=true}
     * @throws Aborted when there is none and the test may be skipped
     */
    Path get(ServerProgram program) {
        String key = program.toString();
        lock.lock();
        try {
            if (!found.containsKey(key) && !missing.containsKey(key)) {
                try {
                    found.put(key, search.find(program));
                } catch (MissingServerException e) {
                    missing.put(key, String.valueOf(e.getMessage()));
                }
            }
            Path binary = found.get(key);
            if (binary != null) {
                return binary;
            }
            String why = missing.getOrDefault(key, "");
            if (required) {
                throw new AssertionError(why);
            }
            throw new Aborted(why);
        } finally {
            lock.unlock();
        }
    }

    /** Skips the test; {@link SkippedServerTests} counts it. */
    static final class Aborted extends TestAbortedException {
        private static final long serialVersionUID = 1L;

        Aborted(String message) {
            super(message);
        }
    }
}
