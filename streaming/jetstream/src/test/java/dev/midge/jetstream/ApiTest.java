// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of the API, to the byte, and what comes of its answers. */
class ApiTest {
    @Test
    void clusters() {
        try (FakeApi api = new FakeApi("2.15.2", "$JS.API")) {
            Stream stream = api.jetStream().stream("S");
            stream.stepDownLeader();
            assertThat(api.asked()).isEqualTo("$JS.API.STREAM.LEADER.STEPDOWN.S");
            stream.stepDownLeader(Placement.builder().preferred("n1").build());
            assertThat(api.asked())
                    .isEqualTo("$JS.API.STREAM.LEADER.STEPDOWN.S {\"placement\":{\"preferred\":\"n1\"}}");
            stream.removePeer("n2");
            assertThat(api.asked()).isEqualTo("$JS.API.STREAM.PEER.REMOVE.S {\"peer\":\"n2\"}");
            stream.consumer("c").stepDownLeader();
            assertThat(api.asked()).isEqualTo("$JS.API.CONSUMER.LEADER.STEPDOWN.S.c");
            stream.consumer("c").stepDownLeader(Placement.inCluster("e"));
            assertThat(api.asked())
                    .isEqualTo("$JS.API.CONSUMER.LEADER.STEPDOWN.S.c {\"placement\":{\"cluster\":\"e\"}}");
            stream.consumer("c").removePeer("n2");
            assertThat(api.asked()).isEqualTo("$JS.API.CONSUMER.PEER.REMOVE.S.c {\"peer\":\"n2\"}");
        }
    }

    @Test
    void consumers() {
        try (FakeApi api = new FakeApi("2.15.2", "$JS.API")) {
            Stream stream = api.jetStream().stream("S");
            ConsumerConfigBuilder config = ConsumerConfig.builder().durable("w");
            String whole = "\"config\":{\"ack_policy\":\"explicit\",\"durable_name\":\"w\",\"name\":\"w\"}";

            stream.createConsumer(config.build());
            assertThat(api.asked())
                    .startsWith("$JS.API.CONSUMER.CREATE.S.w {")
                    .contains("\"stream_name\":\"S\"", "\"action\":\"create\"", whole);
            stream.updateConsumer(config.build());
            assertThat(api.asked()).contains("\"action\":\"update\"", whole);
            stream.createOrUpdateConsumer(config.build());
            assertThat(api.asked()).contains(whole).doesNotContain("action");
            stream.createConsumer(config.filterSubject("a.b").build());
            assertThat(api.asked()).startsWith("$JS.API.CONSUMER.CREATE.S.w.a.b {");
            stream.createConsumer(config.filterSubject("a.>").build());
            assertThat(api.asked()).startsWith("$JS.API.CONSUMER.CREATE.S.w {").contains("\"filter_subject\":\"a.>\"");
            Consumer consumer = stream.consumer("c");
            consumer.pause(Instant.parse("2026-01-02T03:04:05.6Z"));
            assertThat(api.asked())
                    .isEqualTo("$JS.API.CONSUMER.PAUSE.S.c {\"pause_until\":\"2026-01-02T03:04:05.600Z\"}");
            consumer.resume();
            assertThat(api.asked()).isEqualTo("$JS.API.CONSUMER.PAUSE.S.c");
            consumer.unpin("g");
            assertThat(api.asked()).isEqualTo("$JS.API.CONSUMER.UNPIN.S.c {\"group\":\"g\"}");
            consumer.reset();
            assertThat(api.asked()).isEqualTo("$JS.API.CONSUMER.RESET.S.c");
            consumer.reset(9);
            assertThat(api.asked()).isEqualTo("$JS.API.CONSUMER.RESET.S.c {\"seq\":9}");
        }
    }

    @Test
    void pagesAreAskedForAsTheyAreNeeded() {
        try (FakeApi api = new FakeApi("2.15.2", "$JS.API")) {
            api.answers(
                    "{\"total\":3,\"offset\":0,\"limit\":2,\"streams\":[\"a\",\"b\"]}",
                    "{\"total\":3,\"offset\":2,\"limit\":2,\"streams\":[\"c\"]}");
            Iterator<String> names = api.jetStream().streamNames("x.>").iterator();
            assertThat(api.asked()).isEqualTo("nothing");
            assertThat(names.next() + names.next()).isEqualTo("ab");
            assertThat(api.asked()).isEqualTo("$JS.API.STREAM.NAMES {\"subject\":\"x.>\"}");
            assertThat(api.asked()).isEqualTo("nothing");
            assertThat(names.next()).isEqualTo("c");
            assertThat(api.asked())
                    .startsWith("$JS.API.STREAM.NAMES {")
                    .contains("\"offset\":2", "\"subject\":\"x.>\"");
            assertThat(names.hasNext()).isFalse();
            assertThatThrownBy(names::next).isInstanceOf(NoSuchElementException.class);
            assertThat(api.asked()).isEqualTo("nothing");
        }
    }

    @Test
    void whatCannotBeListedInFull() {
        String page = "{\"total\":%d,\"streams\":[{\"config\":{\"name\":\"%s\"}}],\"missing\":[\"m%2$s\"],"
                + "\"offline\":{\"o%2$s\":\"too new\"}}";
        try (FakeApi api = new FakeApi("2.15.2", "$JS.API")) {
            api.answers(String.format(page, 2, "1"), String.format(page, 2, "2"));
            assertThat(api.jetStream().streams().missing()).containsExactly("m1", "m2");
            api.answers(String.format(page, 2, "1"), String.format(page, 2, "2"));
            assertThat(api.jetStream().streams().offline()).containsOnlyKeys("o1", "o2");
            api.answers(
                    "{\"total\":3,\"limit\":2,\"streams\":[],\"missing\":[\"a\",\"b\"]}", String.format(page, 3, "3"));
            assertThat(api.jetStream().streams()).hasSize(1);
            api.answers("{\"total\":9,\"streams\":null}");
            assertThat(api.jetStream().streams())
                    .as("an empty page is the last, whatever the total says")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no", "[]", "{\"error\":", "{\"config\":5}", "{\"created\":\"x\"}"})
    void answersThatAreNone(String answer) {
        try (FakeApi api = new FakeApi("2.15.2", "$JS.API")) {
            api.answers(answer);
            assertThatThrownBy(() -> api.jetStream().stream("S").info()).isExactlyInstanceOf(JetStreamException.class);
        }
    }

    /** Refusals with more, and with less, than what there is today (R-E9). */
    @Test
    void refusals() {
        try (FakeApi api = new FakeApi("2.15.2", "$JS.API")) {
            Stream stream = api.jetStream().stream("S");
            api.answers(
                    "{\"error\":{\"code\":429,\"err_code\":10167,\"description\":\"too many requests\",\"new\":1}}");
            assertThatThrownBy(stream::info)
                    .isInstanceOf(JetStreamApiException.class)
                    .hasMessage("cannot get info of stream S: too many requests (code 429, err_code 10167)");
            api.answers("{\"error\":{}}");
            assertThatThrownBy(stream::info)
                    .isInstanceOfSatisfying(
                            JetStreamApiException.class,
                            e -> assertThat(e.errCode()).isZero());
            for (int notEnabled : new int[] {10076, 10039}) {
                api.answers("{\"error\":{\"code\":503,\"err_code\":" + notEnabled + ",\"description\":\"d\"}}");
                assertThatThrownBy(stream::info)
                        .isInstanceOf(JetStreamNotEnabledException.class)
                        .hasCauseInstanceOf(JetStreamApiException.class)
                        .hasMessageContaining("(code 503, err_code " + notEnabled + ")");
            }
        }
    }

    /** Behind a domain stands another server: what it says of itself counts, and is asked once. */
    @Test
    void levelBehindADomain() {
        try (FakeApi api = new FakeApi("2.9.10", "$JS.hub.API")) {
            JetStream hub = JetStream.of(
                    api.connection(),
                    JetStreamOptions.builder()
                            .domain("hub")
                            .timeout(Patience.LONG)
                            .build());
            api.answers("{\"api\":{\"level\":2}}");
            hub.createStream(StreamConfig.builder("S").allowAtomic(true).build());
            assertThat(api.asked()).isEqualTo("$JS.hub.API.INFO");
            assertThat(api.asked()).isEqualTo("$JS.hub.API.STREAM.CREATE.S {\"name\":\"S\",\"allow_atomic\":true}");
            StreamConfig newer = StreamConfig.builder("S").allowBatched(true).build();
            assertThatThrownBy(() -> hub.createStream(newer))
                    .isInstanceOf(ServerTooOldException.class)
                    .hasMessage("cannot create stream S: allow_batched needs a server of 2.14 (API level 4) or newer,"
                            + " what answers $JS.hub.API has API level 2");
            assertThat(api.asked()).isEqualTo("nothing");
        }
    }

    @Test
    void levelOfTheServer() {
        try (FakeApi api = new FakeApi("2.12.1", "$JS.API")) {
            JetStream js = api.jetStream();
            js.createStream(StreamConfig.builder("S").allowAtomic(true).build());
            assertThat(api.asked()).isEqualTo("$JS.API.STREAM.CREATE.S {\"name\":\"S\",\"allow_atomic\":true}");
            Consumer consumer = js.stream("S").consumer("c");
            assertThatThrownBy(consumer::reset).isInstanceOf(ServerTooOldException.class);
            assertThatThrownBy(() -> consumer.removePeer("n"))
                    .isInstanceOf(ServerTooOldException.class)
                    .hasMessageContaining(
                            "removing a peer of a consumer needs a server of 2.15 (API level 5) or newer");
            assertThat(api.asked()).isEqualTo("nothing");
        }
    }

    /** A configuration that a newer server gave goes back to it whole. */
    @Test
    void updatesKeepWhatIsUnknown() {
        try (FakeApi api = new FakeApi("2.15.2", "$JS.API")) {
            JetStream js = api.jetStream();
            api.answers(
                    "{\"type\":\"t\",\"total\":0,\"config\":{\"name\":\"S\",\"retention\":\"new\",\"more\":{\"a\":[1]}}}");
            StreamInfo info = js.stream("S").info();
            assertThat(info.unknown()).isEmpty();
            api.asked();
            js.updateStream(info.config().toBuilder().maxMsgs(1).build());
            assertThat(api.asked())
                    .isEqualTo("$JS.API.STREAM.UPDATE.S"
                            + " {\"name\":\"S\",\"retention\":\"new\",\"more\":{\"a\":[1]},\"max_msgs\":1}");
        }
    }
}
