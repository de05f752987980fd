// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.RequestPeer.expectFirst;
import static dev.midge.client.Session.msg;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Responses.End;
import dev.midge.protocol.Status;
import dev.midge.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A request to many and the server that it goes to, byte by byte and in virtual time. */
@SuppressWarnings("NullAway.Init") // each test opens its session
abstract class RequestManyCase {
    static final Duration LITTLE = Duration.ofMillis(50);
    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration WAIT = Duration.ofSeconds(10);

    final VirtualTime time = new VirtualTime();
    Session session;
    String replyTo;

    @AfterEach
    void end() {
        if (session != null) {
            session.close();
        }
        time.close();
    }

    final void open(Consumer<OptionsBuilder> change) throws Exception {
        session = Session.open(options -> {
            options.eventLoops(time.eventLoops()).pingInterval(Duration.ZERO).requestTimeout(WAIT);
            change.accept(options);
        });
    }

    /** Makes the first request of the connection, and takes it. */
    final Responses ask(RequestManyOptions options) throws Exception {
        open(change -> {});
        Responses responses = session.nc.requestMany("a", new byte[] {'x'}, options);
        taken();
        return responses;
    }

    final void taken() {
        replyTo = expectFirst(session.peer).replyTo();
    }

    /** One response for each payload, and returns when all have come. */
    final void reply(String... payloads) {
        for (String payload : payloads) {
            session.peer.send(msg(replyTo, 1, payload));
        }
        session.barrier();
    }

    static RequestManyOptions.Builder options() {
        return RequestManyOptions.builder();
    }

    static List<String> texts(Responses responses) {
        return responses.toList().stream().map(Message::text).toList();
    }

    static End ended(Responses responses) throws Exception {
        End end = responses.ended().toCompletableFuture().get(Session.LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(responses.end()).isEqualTo(end);
        return end;
    }

    static @Nullable Status statusOf(Responses responses) {
        Message message = responses.status();
        return message == null ? null : message.headers().status();
    }

    final void assertForgotten() {
        assertThat(session.nc.requests().pending()).isZero();
    }
}
