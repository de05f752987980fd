// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that keep theirs over a restart. Those that the system hands out (from 32768 on Linux, from 49152
 * elsewhere) would not do: while the server is down, a client that tries to reconnect can be given that very port as
 * its own, and is then connected to itself.
 */
public final class Ports {
    private static final int FIRST = 10_000;
    private static final int END = 32_768;

    private Ports() {}

    /** Any port, which may be taken: whoever starts a server there tries another one then. */
    public static int next() {
        return ThreadLocalRandom.current().nextInt(FIRST, END);
    }
}
