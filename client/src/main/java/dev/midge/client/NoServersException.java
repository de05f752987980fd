// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.NatsException;
import dev.midge.transport.ConnectFailedException;
import java.util.List;
import java.util.stream.Collectors;

/** No server accepted the connection. The text names each server tried and why it failed; so does {@link #failures()}. */
public final class NoServersException extends NatsException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConnectFailedException> failures;

    NoServersException(List<ConnectFailedException> failures) {
        super(text(failures), failures.isEmpty() ? null : failures.get(failures.size() - 1));
        this.failures = List.copyOf(failures);
    }

    /** None has been tried since the connection was lost, as that made the last one leave the pool. */
    NoServersException(Throwable lost) {
        super("no server is left: " + lost.getMessage(), lost);
        this.failures = List.of();
    }

    /** One for each server, in the order they were tried; empty if none was left to be tried. */
    public List<ConnectFailedException> failures() {
        return failures;
    }

    private static String text(List<ConnectFailedException> failures) {
        return failures.stream()
                .map(ConnectFailedException::getMessage)
                .collect(Collectors.joining("; ", "no server accepted the connection: ", ""));
    }
}
