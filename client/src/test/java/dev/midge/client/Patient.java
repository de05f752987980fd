// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.time.Duration;

/**
 * Connections of tests that are not about how long something may take: a machine that stops a thread or the server for
 * some seconds must not end what would go on by itself, as the defaults of 2 and 5 seconds would.
 */
public final class Patient {
    private static final Duration LONG = Duration.ofSeconds(30);

    private Patient() {}

    /** Options whose timeouts are long, and all else is as by default. */
    public static OptionsBuilder options() {
        return Options.builder().connectTimeout(LONG).writeTimeout(LONG).closeTimeout(LONG);
    }

    /** Connects with these. */
    public static Connection connect(String url) {
        return Nats.connect(options().servers(url).build());
    }
}
