// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.Conversation.PAYLOADS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.ConnectionEvent.Closed;
import dev.midge.client.ConnectionEvent.MessagesDiscarded;
import dev.midge.testkit.Cut;
import dev.midge.testkit.Fault;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.ProxyDirection;
import dev.midge.transport.ConnectFailedException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * R-A1, R-B2: cuts a connection at every byte of its handshake and of a stream of mixed frames. Each time it has to end
 * soon and say why, deliver the messages that were whole and no others, and account for all that was published.
 */
final class CutSweep implements AutoCloseable {
    private static final Duration LONG = Session.LONG;

    private final String server;
    private final int port;
    private final Connection observer;

    /** What the server got of the messages, in order. */
    private final List<String> observed = new CopyOnWriteArrayList<>();

    /** Of a server as {@link Conversation} needs it. */
    CutSweep(String server, int port) {
        this.server = server;
        this.port = port;
        observer = Nats.connect(Patient.options()
                .servers(Conversation.url(port))
                .connectTimeout(LONG)
                .build());
        Subscription unused = observer.direct().subscribe("cut.>", view -> observed.add(view.subject()));
    }

    @Override
    public void close() {
        observer.close();
    }

    /** Cuts a conversation at each byte of one direction, until there are no more, and checks each one. */
    void run(Function<FrameProxy, ProxyDirection> direction, Cut how) throws Exception {
        int cuts = 0;
        boolean happened = true;
        for (int offset = 0; happened; offset++) {
            observed.clear();
            try (FrameProxy proxy = FrameProxy.to(port)) {
                Fault cut = direction.apply(proxy).at(offset).cut(how);
                Conversation conversation = Conversation.through(proxy, "cut." + offset);
                assertThat(proxy.awaitNoConnection(LONG)).isTrue();
                happened = cut.times() > 0;
                cuts += happened ? 1 : 0;
                check(conversation, proxy, happened ? how : Cut.FIN, happened);
                checkArrived("cut." + offset + ".", proxy, happened ? how : Cut.FIN);
            } catch (AssertionError e) {
                throw new AssertionError("cut at byte " + offset + ": " + e.getMessage(), e);
            }
        }
        System.out.println("faults injected: " + cuts + " cuts by " + how + " of " + server);
        assertThat(cuts).isGreaterThan(400);
    }

    private static void check(Conversation conversation, FrameProxy proxy, Cut how, boolean happened) {
        Statistics statistics = conversation.statistics;
        if (statistics == null) {
            assertThat(happened).isTrue();
            ConnectFailedException failure = Objects.requireNonNull(conversation.connectFailure);
            assertThat(failure.reason()).as("%s", failure).isEqualTo(ConnectFailedException.Reason.PEER_CLOSED);
            assertThat(failure).hasMessageContaining("127.0.0.1:" + proxy.port());
            return;
        }
        Closed closed = conversation.events.await(Closed.class);
        if (!happened) {
            assertThat(conversation.complete).isTrue();
        }
        if (!conversation.complete) {
            assertThat(closed.reason()).isEqualTo(EndReason.CONNECTION_LOST);
            assertThat(closed.cause()).isNotNull();
        }
        checkDelivered(conversation, proxy, how);
        checkPublished(conversation, statistics, proxy, how);
    }

    /** Whole messages, in order, none missing in between. */
    private static void checkDelivered(Conversation conversation, FrameProxy proxy, Cut how) {
        int whole = (int) (proxy.toClient().passed(Frame.MSG) + proxy.toClient().passed(Frame.HMSG));
        if (how == Cut.FIN) {
            assertThat(conversation.delivered).isEqualTo(PAYLOADS.subList(0, whole));
        } else {
            // What a reset throws away in the receiver's socket is not known.
            assertThat(whole).isGreaterThanOrEqualTo(conversation.delivered.size());
            assertThat(conversation.delivered).isEqualTo(PAYLOADS.subList(0, conversation.delivered.size()));
        }
    }

    private static void checkPublished(Conversation conversation, Statistics statistics, FrameProxy proxy, Cut how) {
        OutboundAccountingTest.assertAddsUp(statistics);
        assertMessagesReported(conversation.events, statistics);
        assertThat(statistics.outQueued()).isZero();
        long seen = proxy.toServer().seen(Frame.PUB) + proxy.toServer().seen(Frame.HPUB);
        if (how == Cut.FIN) {
            assertThat(seen).isEqualTo(statistics.outWritten());
        } else {
            assertThat(seen).isLessThanOrEqualTo(statistics.outWritten());
        }
    }

    /** Bytes of frames that are no messages are reported with some, or not at all. */
    static void assertMessagesReported(EventLog events, Statistics statistics) {
        List<MessagesDiscarded> reports = events.all(MessagesDiscarded.class);
        assertThat(reports.stream().mapToLong(MessagesDiscarded::messages).sum())
                .isEqualTo(statistics.outDiscarded());
        assertThat(reports.stream().mapToLong(MessagesDiscarded::bytes).sum())
                .isLessThanOrEqualTo(statistics.outDiscardedBytes());
    }

    /** Whole messages again, at the server. */
    private void checkArrived(String prefix, FrameProxy proxy, Cut how) {
        long passed = proxy.toServer().passed(Frame.PUB) + proxy.toServer().passed(Frame.HPUB);
        observer.flush(LONG);
        // Of a connection that was reset before, something may still have come.
        List<String> subjects =
                observed.stream().filter(subject -> subject.startsWith(prefix)).toList();
        int arrived = subjects.size();
        int allowed = (int) Math.min(passed, PAYLOADS.size()); // the last one is denied
        if (how == Cut.FIN) {
            assertThat(arrived).isEqualTo(allowed);
        } else {
            assertThat(arrived).isLessThanOrEqualTo(allowed);
        }
        for (int i = 0; i < arrived; i++) {
            assertThat(subjects.get(i)).isEqualTo(prefix + i);
        }
    }
}
