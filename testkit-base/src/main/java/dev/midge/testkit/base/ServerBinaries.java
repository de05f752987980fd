// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.nio.file.Path;
import java.util.EnumMap;
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
    private final Map<NatsServerVersion, Path> found = new EnumMap<>(NatsServerVersion.class);
    private final Map<NatsServerVersion, String> missing = new EnumMap<>(NatsServerVersion.class);

    ServerBinaries(Map<String, String> environment, NatsServerBinary search) {
        required = environment.getOrDefault("CI", "").toLowerCase(Locale.ROOT).equals("true");
        this.search = search;
    }

    static Path find(NatsServerVersion version) {
        return OF_THIS_JVM.get(version);
    }

    /**
     * The binary of a version.
     *
     * @throws AssertionError when there is none and the environment says {@code CI=true}
     * @throws Aborted when there is none and the test may be skipped
     */
    Path get(NatsServerVersion version) {
        lock.lock();
        try {
            if (!found.containsKey(version) && !missing.containsKey(version)) {
                try {
                    found.put(version, search.find(version));
                } catch (MissingServerException e) {
                    missing.put(version, String.valueOf(e.getMessage()));
                }
            }
            Path binary = found.get(version);
            if (binary != null) {
                return binary;
            }
            String why = missing.getOrDefault(version, "");
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
