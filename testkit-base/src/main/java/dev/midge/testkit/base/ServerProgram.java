// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.util.regex.Pattern;

/**
 * A program of a version, and how to come by it.
 *
 * @param name of the binary
 * @param number of the version
 * @param variable the environment variable that names binaries: one path, or several with the separator of {@code PATH}
 *     between them
 * @param module what {@code go install} builds it from
 * @param says what it prints when it is asked for its version, which the first group is
 */
record ServerProgram(String name, String number, String variable, String module, Pattern says) {
    static ServerProgram natsServer(String number) {
        return new ServerProgram(
                "nats-server",
                number,
                "MIDGE_NATS_SERVER",
                "github.com/nats-io/nats-server/v2@v" + number,
                Pattern.compile("nats-server: v(\\S+)"));
    }

    static ServerProgram natsStreamingServer(String number) {
        return new ServerProgram(
                "nats-streaming-server",
                number,
                "MIDGE_STAN_SERVER",
                "github.com/nats-io/nats-streaming-server@v" + number,
                Pattern.compile("nats-streaming-server version ([^\\s,]+)"));
    }

    /** As in {@code nats-server 2.15.2}. */
    @Override
    public String toString() {
        return name + " " + number;
    }
}
