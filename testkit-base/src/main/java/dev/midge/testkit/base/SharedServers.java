// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** One server of each version for the whole JVM, started when the first test asks for it. */
final class SharedServers {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<NatsServerVersion, NatsServer> RUNNING = new EnumMap<>(NatsServerVersion.class);

    private SharedServers() {}

    static NatsServer get(NatsServerVersion version) {
        LOCK.lock();
        try {
            NatsServer running = RUNNING.get(version);
            if (running == null || !running.isRunning()) {
                Path binary = ServerBinaries.find(version.program());
                NatsServer started =
                        new NatsServer(new NatsServerSpec(version, "", List.of(), false, false, false), binary, true);
                // The watchdog would do, but only after the JVM's end.
                Runtime.getRuntime().addShutdownHook(new Thread(started::closeShared));
                RUNNING.put(version, started);
                return started;
            }
            return running;
        } finally {
            LOCK.unlock();
        }
    }
}
