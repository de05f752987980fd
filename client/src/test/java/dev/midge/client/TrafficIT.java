// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import dev.midge.testkit.RecordedFrame;
import dev.midge.testkit.Recording;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What Midge and a real server say to each other, as a proxy records it. The fuzz tests of testkit start from such
 * recordings: {@code -Dmidge.traffic=<directory>} writes them anew.
 */
class TrafficIT {
    private static final int CONNECTIONS = 3;

    @ParameterizedTest
    @EnumSource
    void recordsAllKindsOfFrames(NatsServerVersion version) throws Exception {
        try (NatsServer server = Conversation.server(version);
                FrameProxy proxy = FrameProxy.to(server.port())) {
            Recording toServer = proxy.toServer().record();
            Recording toClient = proxy.toClient().record();
            assertThat(Conversation.through(proxy, "a").complete).isTrue();
            assertThat(Conversation.through(proxy, "subject.of.some.tokens").complete)
                    .isTrue();
            talk(proxy);
            assertThat(proxy.awaitNoConnection(Session.LONG)).isTrue();

            // Servers ping who has been there for two seconds, which only a slow machine lets happen.
            assertThat(kinds(toServer, Frame.PONG))
                    .containsExactlyInAnyOrder(
                            Frame.CONNECT, Frame.PING, Frame.SUB, Frame.UNSUB, Frame.PUB, Frame.HPUB);
            assertThat(kinds(toClient, Frame.PING))
                    .containsExactlyInAnyOrder(Frame.INFO, Frame.PONG, Frame.OK, Frame.MSG, Frame.HMSG, Frame.ERR);
            write("to-server-", version, toServer);
            write("to-client-", version, toClient);
        }
    }

    /** Sizes from nothing to more than a read, queue groups, wildcards, headers, nobody there. */
    private static void talk(FrameProxy proxy) throws Exception {
        try (Connection nc = Patient.connect(Conversation.url(proxy.port()))) {
            Subscription all = nc.subscribe(
                    "orders.>", SubscribeOptions.builder().queue("workers").build());
            Subscription inbox = nc.subscribe("_INBOX.1.*");
            for (int size : new int[] {0, 1, 9, 10, 99, 100, 300, 511, 512, 600, 1500}) {
                nc.publish("orders." + size, "x".repeat(size));
                nc.publish(Message.to("orders.with.headers")
                        .replyTo("_INBOX.1.r" + size)
                        .header("Size", String.valueOf(size))
                        .header("Size", "again")
                        .header("Nats-Msg-Id", "id-" + size)
                        .data("y".repeat(size / 3))
                        .build());
                assertThat(all.next(Session.LONG).size()).isEqualTo(size);
                assertThat(all.next(Session.LONG).headers().get("Nats-Msg-Id")).isEqualTo("id-" + size);
            }
            nc.publish(Message.to("nobody.home")
                    .replyTo("_INBOX.1.q")
                    .data("anybody?")
                    .build());
            assertThat(inbox.next(Session.LONG).subject()).isEqualTo("_INBOX.1.q");
            all.unsubscribe();
        }
    }

    private static Set<Frame> kinds(Recording recording, Frame maybe) {
        assertThat(recording.isComplete()).isTrue();
        return recording.frames().stream()
                .map(RecordedFrame::kind)
                .filter(kind -> kind != maybe)
                .collect(Collectors.toSet());
    }

    private static void write(String name, NatsServerVersion version, Recording recording) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int connection = 1; connection <= CONNECTIONS; connection++) {
            all.write(recording.bytes(connection));
        }
        int whole = recording.frames().stream()
                .mapToInt(frame -> frame.text().length())
                .sum();
        assertThat(all.size()).as("frames and nothing between them").isEqualTo(whole);
        String directory = System.getProperty("midge.traffic");
        if (directory != null) {
            String number = version.number();
            Files.write(Path.of(directory, name + number + ".bin"), all.toByteArray());
        }
    }
}
