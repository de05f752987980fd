// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.protocol.NatsException;
import dev.midge.testkit.Cut;
import dev.midge.testkit.Fault;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.ProxyDirection;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A network that flips bits, loses frames and bytes, chops and cuts, at places that a seed selects: whatever comes of it,
 * every call ends, with a message or a NatsException, the accounts add up, and nothing is left behind (leak check).
 */
@NatsServerTest
class DamageIT {
    private static final int RUNS = 150;

    /** Frames that are lost are waited for. */
    private static final Duration SHORT = Duration.ofMillis(100);

    /** Handshakes end by themselves on a busy machine, unless a frame is lost. */
    private static final Duration CONNECT = Duration.ofMillis(500);

    private static final List<Frame> TO_CLIENT = List.of(Frame.INFO, Frame.MSG, Frame.HMSG, Frame.PONG);
    private static final List<Frame> TO_SERVER =
            List.of(Frame.CONNECT, Frame.PING, Frame.PUB, Frame.HPUB, Frame.SUB, Frame.UNSUB);

    private final NatsServer server;

    DamageIT(NatsServer server) {
        this.server = server;
    }

    @Test
    void whatTheServerSends() throws Exception {
        run(true);
    }

    @Test
    void whatTheServerGets() throws Exception {
        run(false);
    }

    private void run(boolean toClient) throws Exception {
        long faults = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            try {
                faults += run(seed, toClient);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertThat(faults).isGreaterThan(RUNS);
        System.out.println("faults injected: " + faults + " damages");
    }

    private long run(int seed, boolean toClient) throws Exception {
        Random random = new Random(seed);
        try (FrameProxy proxy = FrameProxy.builder()
                .target("127.0.0.1", server.port())
                .seed(seed)
                .start()) {
            ProxyDirection direction = toClient ? proxy.toClient() : proxy.toServer();
            List<Fault> faults = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                faults.add(damage(direction, toClient ? TO_CLIENT : TO_SERVER, random));
            }
            if (random.nextBoolean()) {
                direction.splitRandomly(30);
            }
            talk(proxy);
            return faults.stream().mapToLong(Fault::times).sum();
        }
    }

    private static Fault damage(ProxyDirection direction, List<Frame> kinds, Random random) {
        Frame kind = kinds.get(random.nextInt(kinds.size()));
        return switch (random.nextInt(7)) {
            case 0 -> direction.at(random.nextInt(1500)).corrupt();
            case 1 -> direction.at(random.nextInt(1500)).drop();
            case 2 -> direction.some(kind, 0.3).corrupt();
            case 3 -> direction.some(kind, 0.3).drop();
            case 4 -> direction.some(kind, 0.3).plus(random.nextInt(20)).drop();
            case 5 -> direction.some(kind, 0.1).plus(random.nextInt(20)).cut(Cut.FIN);
            default -> direction.each(kind).corrupt();
        };
    }

    private static void talk(FrameProxy proxy) {
        EventLog events = new EventLog();
        Connection nc;
        try {
            nc = Nats.connect(Options.builder()
                    .reconnect(Reconnect.never())
                    .servers(proxy.url())
                    .listener(events)
                    .connectTimeout(CONNECT)
                    .writeTimeout(SHORT)
                    .closeTimeout(SHORT)
                    .build());
        } catch (NoServersException e) {
            assertThat(e).hasMessageContaining("127.0.0.1:" + proxy.port());
            return;
        }
        try (nc) {
            Subscription pull = nc.subscribe("damage.>");
            CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
            Subscription handled = nc.subscribe("damage.*", message -> first.complete(null));
            for (int i = 0; i < 10; i++) {
                nc.publish("damage." + i, "x".repeat(i * 30));
                nc.publish(Message.to("damage." + i)
                        .replyTo("reply")
                        .header("A", "b")
                        .data("y")
                        .build());
            }
            nc.flush(SHORT);
            for (int i = 0; i < 20; i++) {
                assertThat(pull.next(SHORT)).isNotNull();
            }
            handled.unsubscribe();
            pull.unsubscribe();
            nc.flush(SHORT);
        } catch (NatsException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
        assertThat(events.await(Closed.class)).isNotNull();
        CutSweep.assertMessagesReported(events, nc.statistics());
        OutboundAccountingTest.assertAddsUp(nc.statistics());
    }
}
