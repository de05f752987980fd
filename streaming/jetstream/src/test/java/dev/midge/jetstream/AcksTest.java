// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Connection;
import dev.midge.testkit.EmbeddedServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Acks are read alike, whether it is known what they look like or not. */
class AcksTest {
    /** Reads texts one after the other with one reader, as the event loop does. */
    private static List<Object> read(List<String> texts) throws Exception {
        Acks acks = new Acks();
        List<Object> read = new ArrayList<>();
        CompletableFuture<List<Object>> all = new CompletableFuture<>();
        try (EmbeddedServer server = EmbeddedServer.start();
                Connection nc = Patience.connect(server.url())) {
            nc.direct().subscribe("a", view -> {
                try {
                    read.add(acks.read(() -> "cannot", view));
                } catch (JetStreamException e) {
                    read.add(e);
                }
                if (read.size() == texts.size()) {
                    all.complete(read);
                }
            });
            texts.forEach(text -> nc.publish("a", text.getBytes(UTF_8)));
            return all.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static PublishAck ack(String stream, long sequence) {
        return new PublishAck(stream, sequence, null, false, null);
    }

    @Test
    void ofSeveralStreams() throws Exception {
        List<String> texts = new ArrayList<>();
        List<Object> expected = new ArrayList<>();
        for (int i = 1; i <= 200; i++) { // more of them than are remembered
            int stream = i * 31 % 7;
            long sequence = (long) Math.pow(10, i % 18) + i;
            texts.add("{\"stream\":\"S" + stream + "\", \"seq\":" + sequence + "}");
            expected.add(ack("S" + stream, sequence));
        }
        assertThat(read(texts)).isEqualTo(expected);
    }

    @Test
    void theSameButForSomething() throws Exception {
        List<String> texts = List.of(
                "{\"stream\":\"S\",\"seq\":1}",
                "{\"stream\":\"S\",\"seq\":9223372036854775807}",
                "{\"stream\":\"S\",\"seq\":2,\"duplicate\":true}",
                "{\"stream\":\"S\",\"seq\":3,\"duplicate\":true}",
                "{\"stream\":\"S\",\"seq\":4,\"duplicate\":false}",
                "{\"stream\":\"S\",\"domain\":\"D\",\"seq\":5}",
                "{\"stream\":\"S\",\"domain\":\"D\",\"seq\":6}",
                "{\"stream\":\"S\",\"seq\":7,\"val\":\"1\"}",
                "{\"stream\":\"S\",\"seq\":8,\"val\":\"12\"}",
                "{\"x\":{\"seq\":9},\"stream\":\"S\",\"seq\":9}",
                "{\"x\":{\"seq\":10},\"stream\":\"S\",\"seq\":11}",
                "{\"stream\":\"\\\"seq\\\":1\",\"seq\":12}",
                "{\"stream\":\"\\\"seq\\\":2\",\"seq\":13}",
                "{\"stream\":\"S\",\"seq\" : 14}",
                "{\"stream\":\"S\",\"seq\": 15}",
                "{\"stream\":\"S\",\"seq\": 16}");
        assertThat(read(texts))
                .containsExactly(
                        ack("S", 1),
                        ack("S", Long.MAX_VALUE),
                        new PublishAck("S", 2, null, true, null),
                        new PublishAck("S", 3, null, true, null),
                        ack("S", 4),
                        new PublishAck("S", 5, "D", false, null),
                        new PublishAck("S", 6, "D", false, null),
                        new PublishAck("S", 7, null, false, "1"),
                        new PublishAck("S", 8, null, false, "12"),
                        ack("S", 9),
                        ack("S", 11),
                        ack("\"seq\":1", 12),
                        ack("\"seq\":2", 13),
                        ack("S", 14),
                        ack("S", 15),
                        ack("S", 16));
    }

    /** Text that begins as an ack did, and is none. */
    @Test
    void whatIsNoneThoughItLooksLikeOne() throws Exception {
        List<String> none = List.of(
                "{\"stream\":\"S\",\"seq\":}",
                "{\"stream\":\"S\",\"seq\":01}",
                "{\"stream\":\"S\",\"seq\":1.5}",
                "{\"stream\":\"S\",\"seq\":-1x}",
                "{\"stream\":\"S\",\"seq\":99999999999999999999}",
                "{\"stream\":\"S\",\"seq\":\"2\"}",
                "{\"stream\":\"S\",\"seq\":2",
                "{\"stream\":\"S\",\"seq\":2}}");
        List<String> texts = new ArrayList<>(List.of("{\"stream\":\"S\",\"seq\":1}"));
        texts.addAll(none);
        List<Object> read = read(texts);
        assertThat(read.get(0)).isEqualTo(ack("S", 1));
        for (int i = 1; i < read.size(); i++) {
            assertThat(read.get(i)).as(texts.get(i)).isExactlyInstanceOf(JetStreamException.class);
        }
    }

    @Test
    void refusalsAreNotRemembered() throws Exception {
        String refusal =
                "{\"error\":{\"code\":400,\"err_code\":10060,\"description\":\"d\"},\"stream\":\"S\",\"seq\":0}";
        List<Object> read =
                read(List.of(refusal, "{\"stream\":\"S\",\"seq\":1}", refusal, "{\"stream\":\"S\",\"seq\":2}"));
        assertThat(read.get(1)).isEqualTo(ack("S", 1));
        assertThat(read.get(3)).isEqualTo(ack("S", 2));
        for (int i : new int[] {0, 2}) {
            assertThatThrownBy(() -> {
                        throw (JetStreamException) read.get(i);
                    })
                    .isInstanceOf(JetStreamApiException.class)
                    .hasMessage("cannot: d (code 400, err_code 10060)");
        }
    }
}
