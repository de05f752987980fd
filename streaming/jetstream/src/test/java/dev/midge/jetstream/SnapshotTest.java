// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.NatsTimeoutException;
import dev.midge.protocol.internal.Json;
import dev.midge.testkit.EmbeddedServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots of a server that the test plays. */
class SnapshotTest {
    /** Long enough for an answer, whatever stands still; a test waits for so long in vain. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final String SNAPSHOT = "{\"config\":{\"name\":\"S\"},\"state\":{\"messages\":2}}";

    private final EmbeddedServer server = EmbeddedServer.start();
    private final Connection peer = Patience.connect(server.url());
    private final Connection nc = Patience.connect(server.url());
    private final BlockingQueue<String> acks = new LinkedBlockingQueue<>();

    @BeforeEach
    void listen() {
        peer.subscribe("ack.>", message -> acks.add(message.subject()));
    }

    @AfterEach
    void end() {
        nc.close();
        peer.close();
        server.close();
    }

    /** Answers with the snapshot, and then does that with the subject to deliver to. */
    private void snapshots(Consumer<String> deliver) {
        peer.subscribe("$JS.API.STREAM.SNAPSHOT.S", message -> {
            message.respond(SNAPSHOT);
            deliver.accept(String.valueOf(Json.parse(message.data()).get("deliver_subject")));
        });
        peer.flush(Patience.LONG);
    }

    private void chunk(String to, String reply, String data) {
        peer.publish(Message.to(to).replyTo(reply).data(data).build());
    }

    private String snapshot(Duration timeout) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JetStream js =
                JetStream.of(nc, JetStreamOptions.builder().timeout(timeout).build());
        StreamSnapshot snapshot = js.stream("S").snapshot(Channels.newChannel(out));
        assertThat(snapshot.state().messages()).isEqualTo(2);
        return out.toString(US_ASCII);
    }

    @Test
    void eachChunkIsAcked() throws Exception {
        snapshots(to -> {
            chunk(to, "ack.S.x.3.1", "abc");
            chunk(to, "ack.S.x.3.2", "def");
            peer.publish(to, "g");
            peer.publish(to, "");
        });
        assertThat(snapshot(Patience.LONG)).isEqualTo("abcdefg");
        for (String ack : List.of("ack.S.x.3.1", "ack.S.x.3.2")) {
            assertThat(acks.poll(Patience.LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ack);
        }
    }

    @Test
    void aChunkIsMissing() {
        snapshots(to -> {
            chunk(to, "ack.S.x.3.1", "abc");
            chunk(to, "ack.S.x.3.3", "ghi");
        });
        assertThatThrownBy(() -> snapshot(Patience.LONG))
                .isExactlyInstanceOf(JetStreamException.class)
                .hasMessage("cannot take a snapshot of stream S: chunk 2 is missing: ack.S.x.3.3 came instead");
    }

    @Test
    void nothingComes() {
        snapshots(to -> chunk(to, "ack.S.x.3.1", "abc"));
        assertThatThrownBy(() -> snapshot(SILENCE))
                .isInstanceOf(NatsTimeoutException.class)
                .hasMessage("cannot take a snapshot of stream S: no chunk came within PT10S");
    }

    /** What follows would have a hole in it. */
    @Test
    void theServerIsLostMeanwhile() {
        snapshots(to -> {
            chunk(to, "ack.S.x.3.1", "abc");
            Patience.until("the ack", () -> !acks.isEmpty());
            nc.forceReconnect();
            Patience.until("the reconnect", () -> nc.statistics().reconnects() == 1);
            nc.flush(Patience.LONG);
            peer.publish(to, "");
        });
        assertThatThrownBy(() -> snapshot(Patience.LONG))
                .isExactlyInstanceOf(JetStreamException.class)
                .hasMessageContaining("the server was lost meanwhile");
    }

    @Test
    void aRestoreThatIsRefusedHalfWay() {
        peer.subscribe("$JS.API.STREAM.RESTORE.S", message -> message.respond("{\"deliver_subject\":\"restore.S\"}"));
        peer.subscribe("restore.S", message -> {
            acks.add(String.valueOf(message.size()));
            message.respond(
                    acks.size() < 2 ? "" : "{\"error\":{\"code\":500,\"err_code\":10062,\"description\":\"no room\"}}");
        });
        peer.flush(Patience.LONG);
        JetStream js = Patience.jetStream(nc);
        byte[] data = new byte[300_000];
        assertThatThrownBy(() -> js.restoreStream(
                        StreamSnapshot.fromJson(SNAPSHOT), Channels.newChannel(new ByteArrayInputStream(data))))
                .isInstanceOf(JetStreamApiException.class)
                .hasMessage("cannot restore stream S: no room (code 500, err_code 10062)");
        assertThat(acks).containsExactly("131072", "131072");
    }
}
