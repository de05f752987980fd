// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionClosedException;
import dev.midge.testkit.EmbeddedServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PullPublisherTest {
    /** Whoever subscribes when the connection has just ended hears of that, as whoever did so before. */
    @Test
    void theConnectionHasEnded() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        try (EmbeddedServer server = EmbeddedServer.start();
                Connection nc = Patience.connect(server.url())) {
            Consumer consumer = JetStream.of(nc).stream("S").consumer("C");
            nc.closeAsync().get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
            consumer.publisher().subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                public void onNext(JetStreamMessage message) {
                    told.completeExceptionally(new AssertionError(message));
                }

                @Override
                public void onError(Throwable cause) {
                    told.complete(cause);
                }

                @Override
                public void onComplete() {
                    told.completeExceptionally(new AssertionError("complete"));
                }
            });
            assertThat(told.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ConnectionClosedException.class);
        }
    }
}
