// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

/** What was taken out of a queue: frames that are no messages. */
final class ControlFrames {
    private long bytes;
    private int pings;

    void add(int length, boolean ping) {
        bytes += length;
        pings += ping ? 1 : 0;
    }

    long bytes() {
        return bytes;
    }

    int pings() {
        return pings;
    }
}
