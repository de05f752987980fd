// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.ServerError;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The server did not accept the credentials. */
public final class AuthenticationException extends ConnectFailedException {
    private static final long serialVersionUID = 1L;

    AuthenticationException(
            Endpoint endpoint, @Nullable InetSocketAddress address, Phase phase, String what, ServerError serverError) {
        super(endpoint, address, phase, Reason.AUTHENTICATION, what, null, serverError);
    }
}
