// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

/**
 * The versions of nats-server that tests run against, from old to new, so that {@code compareTo} tells which is
 * newer.
 */
public enum NatsServerVersion {
    /** Of Debian 12, package {@code nats-server}. */
    V2_9_10("2.9.10"),
    /** The newest one. */
    V2_15_2("2.15.2");

    private final String number;

    NatsServerVersion(String number) {
        this.number = number;
    }

    /** The newest version, which is what a server gets when nothing else is asked for. */
    public static NatsServerVersion newest() {
        return values()[values().length - 1];
    }

    /** As in {@code 2.15.2}. */
    public String number() {
        return number;
    }

    /** Whether this is the given version or a newer one. */
    public boolean isAtLeast(NatsServerVersion other) {
        return compareTo(other) >= 0;
    }

    ServerProgram program() {
        return ServerProgram.natsServer(number);
    }

    /** As in {@code nats-server 2.15.2}, which is how test reports show it. */
    @Override
    public String toString() {
        return "nats-server " + number;
    }
}
