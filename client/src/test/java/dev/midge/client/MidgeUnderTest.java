// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.auth.Auth;
import dev.midge.protocol.Headers;
import dev.midge.protocol.Status;
import dev.midge.testkit.conformance.ClientUnderTest;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Midge, as the conformance suite calls it. */
final class MidgeUnderTest implements ClientUnderTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private @Nullable Listener listener;
    private @Nullable Connection connection;

    @Override
    public void connect(String url, ConnectWish wish, Listener told) {
        listener = told;
        OptionsBuilder options = Patient.options()
                .reconnect(Reconnect.never())
                .servers(url)
                .echo(wish.echo())
                .verbose(wish.verbose())
                .pedantic(wish.pedantic())
                .listener(event -> tell(event, told));
        if (wish.name() != null) {
            options.name(wish.name());
        }
        if (wish.token() != null) {
            options.auth(Auth.token(wish.token().toCharArray()));
        } else if (wish.user() != null && wish.password() != null) {
            options.auth(Auth.userPassword(wish.user(), wish.password().toCharArray()));
        }
        connection = Nats.connect(options.build());
    }

    private static void tell(ConnectionEvent event, Listener told) {
        if (event instanceof ConnectionEvent.PermissionDenied denied) {
            told.error(denied.error().toString());
        } else if (event instanceof ConnectionEvent.ServerError error) {
            told.error(error.error().toString());
        } else if (event instanceof ConnectionEvent.Closed closed && closed.reason() != EndReason.CLOSED_BY_USER) {
            told.closed();
        }
    }

    @Override
    public void subscribe(String tag, String subject, @Nullable String queue) {
        SubscribeOptions.Builder options = SubscribeOptions.builder();
        if (queue != null) {
            options.queue(queue);
        }
        Listener told = connected(listener);
        subscriptions.put(tag, connected(connection).subscribe(subject, options.build(), message -> {
            Status status = message.headers().status();
            told.message(
                    tag,
                    message.subject(),
                    message.replyTo(),
                    status == null ? 0 : status.code(),
                    message.hasHeaders() ? values(message.headers()) : null,
                    message.data());
        }));
    }

    private static Map<String, String> values(Headers headers) {
        Map<String, String> values = new LinkedHashMap<>();
        headers.forEach((name, value) -> values.merge(name, value, (one, other) -> one + "," + other));
        return values;
    }

    @Override
    public void unsubscribe(String tag, int max) {
        Subscription subscription = connected(subscriptions.get(tag));
        if (max == 0) {
            subscription.unsubscribe();
        } else {
            subscription.unsubscribeAfter(max);
        }
    }

    @Override
    public void publish(String subject, @Nullable String reply, Map<String, String> headers, byte[] data) {
        Message.Builder message = Message.to(subject).replyTo(reply).data(data);
        headers.forEach(message::header);
        connected(connection).publish(message.build());
    }

    @Override
    public void flush() {
        connected(connection).flush(LONG);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }

    private static <T> T connected(@Nullable T it) {
        if (it == null) {
            throw new IllegalStateException("not connected, or not subscribed");
        }
        return it;
    }
}
