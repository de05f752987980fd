// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.protocol.ProtocolLimits;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt to connect is to do.
 *
 * @param endpoint the server
 * @param timeout for all of the attempt, from resolving the name to the server's answer to CONNECT
 * @param limits what the server may send
 * @param tls how to encrypt the connection, which then is encrypted or fails; null to do so only where the scheme or the
 *     server asks for it, and then by default
 * @param connect makes CONNECT from the server's INFO; called on the event loop, so what blocks must complete the
 *     stage from another thread
 */
public record ConnectRequest(
        Endpoint endpoint,
        Duration timeout,
        ProtocolLimits limits,
        @Nullable Tls tls,
        Function<Info, CompletionStage<Connect>> connect) {

    /** @throws IllegalArgumentException if {@code timeout} is not positive, or longer than 292 years */
    public ConnectRequest {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(connect, "connect");
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("timeout is " + timeout + ": must be positive, 292 years at most");
        }
    }

    /** Whether the client insists on encryption, whatever the server says. */
    boolean wantsTls() {
        return tls != null || endpoint.scheme() == Endpoint.Scheme.TLS;
    }

    /** How to encrypt it, if it is. */
    Tls tlsOrDefault() {
        return tls != null ? tls : Tls.builder().build();
    }
}
