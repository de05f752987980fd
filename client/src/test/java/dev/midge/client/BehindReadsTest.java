// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.internal.Exchanges;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is done once for a burst of reads, such as to free the places of all acks that came with it. */
class BehindReadsTest {
    private final List<String> order = new CopyOnWriteArrayList<>();
    private final CountDownLatch done = new CountDownLatch(1);

    @Test
    void runsBehindAllThatCame() throws Exception {
        try (Session session = Session.open()) {
            Exchanges exchanges = Exchanges.of(session.nc);
            session.nc.direct().subscribe("a", message -> {
                order.add(message.copyPayload().length + " here");
                exchanges.behindReads(() -> order.add("behind"));
                if (order.size() == 3) {
                    exchanges.behindReads(done::countDown);
                }
            });
            session.peer.expect("SUB a 1\r\n");
            session.peer.send("MSG a 1 0\r\n\r\nMSG a 1 1\r\nx\r\nMSG a 1 2\r\nxx\r\n");
            assertThat(done.await(Session.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(order).containsExactly("0 here", "1 here", "2 here", "behind", "behind", "behind");
        }
    }

    /** Whoever is told of an ack finds the place free that it had. */
    @Test
    void runsBeforeWhatIsCompleted() throws Exception {
        try (Session session = Session.open()) {
            Exchanges exchanges = Exchanges.of(session.nc);
            session.nc.direct().subscribe("a", message -> {
                exchanges.complete(() -> {
                    order.add("completed");
                    done.countDown();
                });
                exchanges.behindReads(() -> order.add("behind"));
            });
            session.peer.expect("SUB a 1\r\n");
            session.peer.send("MSG a 1 0\r\n\r\n");
            assertThat(done.await(Session.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(order).containsExactly("behind", "completed");
        }
    }

    /** There is nothing to wait for. */
    @Test
    void runsAtOnceOnAnyOtherThread() throws Exception {
        try (Session session = Session.open()) {
            Thread[] ran = new Thread[1];
            Exchanges.of(session.nc).behindReads(() -> ran[0] = Thread.currentThread());
            assertThat(ran[0]).isSameAs(Thread.currentThread());
        }
    }

    @Test
    void runsAtOnceWhenTheEventLoopDoesNotRead() throws Exception {
        try (Session session = Session.open()) {
            session.nc.direct().eventLoop().execute(() -> {
                Exchanges.of(session.nc).behindReads(() -> order.add("first"));
                order.add("second");
                done.countDown();
            });
            assertThat(done.await(Session.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(order).containsExactly("first", "second");
        }
    }
}
