// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.DisconnectedException;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Reconnect;
import dev.midge.testkit.Cut;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R-E7: wires are cut while many acks are outstanding. */
@NatsServerTest(jetStream = true)
class PublishFaultIT extends StreamCase {
    private static final int MESSAGES = 4_000;
    private static final int CUT_EVERY = 500;

    private Stream stream;

    PublishFaultIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    @BeforeEach
    void makeStream() {
        stream = js.createStream(StreamConfig.builder(name)
                .subjects(name)
                .storage(StorageType.MEMORY)
                .build());
    }

    private static Connection through(FrameProxy proxy) {
        return Nats.connect(Patience.options(proxy.url())
                .reconnect(Reconnect.builder()
                        .wait(Duration.ofMillis(5))
                        .maxAttempts(-1)
                        .build())
                .build());
    }

    private List<CompletableFuture<PublishAck>> publishAndCut(FrameProxy proxy, JetStream through) {
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = 1; i <= MESSAGES; i++) {
            acks.add(through.publishAsync(
                    Message.to(name).data("m" + i).build(),
                    PublishOptions.builder().messageId("m" + i).build()));
            if (i % CUT_EVERY == 0) {
                proxy.cut(Cut.RST);
            }
        }
        return acks;
    }

    /** Each is acked in the end, and stored once. */
    @Test
    void publishedAgain() throws Exception {
        try (FrameProxy proxy = FrameProxy.to(server.port());
                Connection cut = through(proxy)) {
            JetStream through = JetStream.of(
                    cut,
                    JetStreamOptions.builder()
                            .timeout(Patience.LONG)
                            .onDisconnect(OnDisconnect.RETRY)
                            .build());
            Set<Long> sequences = new HashSet<>();
            for (CompletableFuture<PublishAck> ack : publishAndCut(proxy, through)) {
                sequences.add(
                        ack.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS).sequence());
            }
            assertThat(sequences).hasSize(MESSAGES);
            assertThat(stream.info().state().messages()).isEqualTo(MESSAGES);
            assertThat(through.pendingAcks()).isZero();
            assertThat(cut.statistics().reconnects()).isPositive();
        }
    }

    /** Each is acked, or its outcome is unknown, or it is known not to have been sent; and an ack is true. */
    @Test
    void failed() throws Exception {
        try (FrameProxy proxy = FrameProxy.to(server.port());
                Connection cut = through(proxy)) {
            JetStream through = Patience.jetStream(cut);
            int acked = 0;
            int unknown = 0;
            int notSent = 0;
            for (CompletableFuture<PublishAck> ack : publishAndCut(proxy, through)) {
                try {
                    PublishAck stored = ack.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
                    assertThat(stream.message(stored.sequence()).headers().get("Nats-Msg-Id"))
                            .startsWith("m");
                    acked++;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof PublishOutcomeUnknownException) {
                        assertThat(e.getCause()).hasCauseInstanceOf(DisconnectedException.class);
                        unknown++;
                    } else {
                        assertThat(e.getCause()).isInstanceOf(DisconnectedException.class);
                        notSent++;
                    }
                }
            }
            assertThat(acked + unknown + notSent).isEqualTo(MESSAGES);
            assertThat(stream.info().state().messages()).isBetween((long) acked, (long) acked + unknown);
            assertThat(through.pendingAcks()).isZero();
        }
    }
}
