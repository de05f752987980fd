// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.stan.StanSubscribeOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A durable subscriber, which keeps what it was delivered. */
final class StanChaosSubscriber extends StanChaosClient {
    private final Set<String> received = ConcurrentHashMap.newKeySet();
    private final AtomicLong deliveries = new AtomicLong();

    StanChaosSubscriber(String url, int index) {
        super(url, "subscriber-" + index);
        StanSubscribeOptions durable = StanSubscribeOptions.builder()
                .durable("chaos")
                .deliverAllAvailable()
                .ackWait(Duration.ofSeconds(2))
                .build();
        stan().subscribe(StanChaosPublisher.CHANNEL, durable, message -> {
            deliveries.incrementAndGet(); // before it is there for all to see
            received.add(message.text());
        });
    }

    Set<String> received() {
        return received;
    }

    long deliveries() {
        return deliveries.get();
    }
}
