// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a {@link FrameProxy} was built with.
 *
 * @param host where the server is
 * @param port where the server is
 * @param seed decides what is left to chance
 * @param recordLimit how many bytes a recording holds
 * @param maxControlLine from how many bytes on a line is none of the protocol's
 * @param socketBuffer for the sockets' buffers; 0 for the system's choice
 * @param bytesOnly frames are not looked for
 * @param faultIds numbers the rules
 */
record ProxySettings(
        String host,
        int port,
        long seed,
        long recordLimit,
        int maxControlLine,
        int socketBuffer,
        boolean bytesOnly,
        AtomicLong faultIds) {
    long nextFaultId() {
        return faultIds.getAndIncrement();
    }

    /** A seed of its own for each purpose, so that one does not disturb the chances of another. */
    long seedFor(int connection, boolean towardsServer, long purpose) {
        long mixed = seed;
        for (long part : new long[] {connection, towardsServer ? 1 : 2, purpose}) {
            mixed = (mixed ^ part) * 0x9E3779B97F4A7C15L;
            mixed ^= mixed >>> 29;
        }
        return mixed;
    }
}
