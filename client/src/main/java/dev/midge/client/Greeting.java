// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.auth.Auth;
import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.transport.Endpoint;
import dev.midge.transport.UserInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Makes CONNECT from the INFO of a server: anew for each attempt, as credentials may have been replaced. */
final class Greeting {
    private final Options options;
    private final Executor blocking;

    /** @param blocking where credentials are read or asked for */
    Greeting(Options options, Executor blocking) {
        this.options = options;
        this.blocking = blocking;
    }

    /** On the event loop; completes there or on the executor. */
    CompletableFuture<Connect> connect(Endpoint server, Info info) {
        Connect.Builder builder = Connect.builder()
                .verbose(options.verbose())
                .pedantic(options.pedantic())
                .echo(options.echo())
                .tlsRequired(options.tls() != null
                        || server.scheme() == Endpoint.Scheme.TLS
                        || server.scheme() == Endpoint.Scheme.WSS
                        || info.tlsRequired())
                .headers(info.headers())
                .noResponders(info.headers())
                .name(options.name());
        if (server.userInfo() instanceof UserInfo.UserPassword user) {
            builder.user(user.user()).pass(user.password().copy());
        } else if (server.userInfo() instanceof UserInfo.Token token) {
            builder.authToken(token.token().copy());
        } else if (options.auth() != null) {
            Auth auth = options.auth();
            return CompletableFuture.supplyAsync(() -> authenticate(auth, info, builder), blocking);
        }
        return CompletableFuture.completedFuture(builder.build());
    }

    /** May block: a file is read, or somebody asked. */
    private static Connect authenticate(Auth auth, Info info, Connect.Builder builder) {
        try {
            auth.apply(info, builder);
            return builder.build();
        } catch (Exception e) {
            builder.build().close(); // of what secrets it has already
            throw new CompletionException(e);
        }
    }
}
