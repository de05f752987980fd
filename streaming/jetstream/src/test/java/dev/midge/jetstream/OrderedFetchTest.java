// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Fetches of an ordered consumer on the wire, in virtual time. */
class OrderedFetchTest {
    private static final Duration WAIT = Duration.ofSeconds(4);
    private final Queue<ConsumeEvent> events = new ConcurrentLinkedQueue<>();
    private Script script;
    private OrderedConsumer ordered;

    /** The sids of subscriptions by what their subjects begin with. */
    private final Map<String, Long> sids = new HashMap<>();

    private final List<String> deleted = new ArrayList<>();

    @BeforeEach
    void connect() throws Exception {
        script = new Script();
        OrderedOptions options =
                OrderedOptions.builder().namePrefix("o").listener(events::add).build();
        ordered = script.js.stream("S").ordered(options);
    }

    @AfterEach
    void close() {
        script.close();
    }

    /** Takes what comes up to the next pull or request for a consumer, as the end of a fetch is that of more threads than one. */
    private Script.Asked expect(String subject) {
        while (true) {
            String line = script.peer.readLine().strip();
            List<String> words = List.of(line.split(" "));
            switch (words.get(0)) {
                case "SUB" ->
                    sids.put(words.get(1).substring(0, words.get(1).length() - 1), Long.valueOf(words.get(2)));
                case "PING" -> script.peer.send("PONG\r\n");
                case "UNSUB" -> {}
                default -> {
                    Script.Asked asked = script.request(line);
                    String api = asked.subject().substring("$JS.API.".length());
                    if (!api.startsWith("CONSUMER.DELETE.")) {
                        assertThat(api).isEqualTo(subject);
                        return asked;
                    }
                    deleted.add(api);
                    script.answer(asked, sid(asked), "{\"type\":\"x\",\"success\":true}");
                }
            }
        }
    }

    private long sid(Script.Asked asked) {
        String inbox = asked.replyTo().substring(0, asked.replyTo().lastIndexOf('.') + 1);
        return sids.getOrDefault(inbox, 0L);
    }

    /** Takes the request for a consumer, and answers it; then the pull. */
    private Script.Asked expectPull(int number, String start, long behind) {
        String consumer = "o_" + number;
        Script.Asked create = expect("CONSUMER.CREATE.S." + consumer);
        assertThat(create.body())
                .startsWith("{\"stream_name\":\"S\",\"config\":{")
                .contains("\"name\":\"" + consumer + "\"")
                .contains(start)
                .contains("\"ack_policy\":\"none\"")
                .contains("\"mem_storage\":true");
        script.answer(
                create,
                sid(create),
                "{\"type\":\"x\",\"stream_name\":\"S\",\"name\":\"" + consumer
                        + "\",\"delivered\":{\"consumer_seq\":0,\"stream_seq\":" + behind + "}}");
        return expect("CONSUMER.MSG.NEXT.S." + consumer);
    }

    private static List<String> texts(Fetch fetch) {
        List<String> texts = new ArrayList<>();
        fetch.forEach(message -> texts.add(message.text()));
        return texts;
    }

    @Test
    @DisplayName("R-E5: each fetch begins behind what was taken from the one before")
    void goesOn() {
        Fetch first = ordered.fetch(3, WAIT);
        Script.Asked pull = expectPull(1, "\"config\":{\"ack_policy\"", 0);
        assertThat(pull.body()).isEqualTo("{\"batch\":3,\"expires\":3980000000}");
        script.message(sid(pull), "o_1", 1, 5);
        script.message(sid(pull), "o_1", 2, 7);
        script.message(sid(pull), "o_1", 3, 8);
        Iterator<JetStreamMessage> messages = first.iterator();
        assertThat(messages.next().text()).isEqualTo("5");
        assertThat(messages.next().text()).isEqualTo("7");
        assertThat(messages.hasNext()).isTrue(); // seen, and not taken

        Fetch second = ordered.fetch(2, WAIT);
        pull = expectPull(2, "\"deliver_policy\":\"by_start_sequence\",\"opt_start_seq\":8", 7);
        assertThat(deleted).containsExactly("CONSUMER.DELETE.S.o_1");
        assertThat(messages.hasNext()).isFalse();
        assertThat(first.end()).isEqualTo(ConsumeEnd.STOPPED);
        script.message(sid(pull), "o_2", 1, 8);
        script.message(sid(pull), "o_2", 2, 9);
        assertThat(texts(second)).containsExactly("8", "9");
        assertThat(second.end()).isEqualTo(ConsumeEnd.COMPLETE);

        assertThat(ordered.fetchNoWait(2).end()).isNull();
        pull = expectPull(3, "\"opt_start_seq\":10", 9);
        assertThat(pull.body()).isEqualTo("{\"batch\":2,\"no_wait\":true}");
        assertThat(deleted).containsExactly("CONSUMER.DELETE.S.o_1", "CONSUMER.DELETE.S.o_2");
    }

    @Test
    @DisplayName("R-E5: a fetch that got nothing has a place all the same")
    void startsWithTheFirstConsumer() {
        OrderedConsumer fresh = script.js.stream("S")
                .ordered(OrderedOptions.builder()
                        .namePrefix("o")
                        .deliverPolicy(DeliverPolicy.NEW)
                        .build());
        Fetch nothing = fresh.fetchNoWait(1);
        Script.Asked pull = expectPull(1, "\"deliver_policy\":\"new\"", 41);
        status(pull, "404 No Messages");
        assertThat(texts(nothing)).isEmpty();
        assertThat(nothing.end()).isEqualTo(ConsumeEnd.NO_MESSAGES);
        fresh.fetchNoWait(1);
        expectPull(2, "\"deliver_policy\":\"by_start_sequence\",\"opt_start_seq\":42", 41);
    }

    @Test
    @DisplayName("R-E5: a delivery is missing in the middle of a fetch: another consumer behind what has come")
    void goesOnWithAnotherConsumer() {
        Fetch fetch = ordered.fetch(3, WAIT);
        Script.Asked pull = expectPull(1, "\"config\":{\"ack_policy\"", 0);
        script.message(sid(pull), "o_1", 1, 1);
        script.message(sid(pull), "o_1", 3, 3); // not 2
        pull = expectPull(2, "\"opt_start_seq\":2", 1);
        assertThat(pull.body()).startsWith("{\"batch\":2,");
        script.message(sid(pull), "o_2", 1, 2);
        script.message(sid(pull), "o_2", 2, 3);
        assertThat(texts(fetch)).containsExactly("1", "2", "3");
        assertThat(events.stream().filter(ConsumeEvent.Restarted.class::isInstance))
                .containsExactly(new ConsumeEvent.Restarted("o_1", "delivery 3 came in place of 2"));
    }

    @Test
    @DisplayName("R-E2: the consumer is refused")
    void isRefused() {
        Fetch fetch = ordered.fetch(3, WAIT);
        Script.Asked create = expect("CONSUMER.CREATE.S.o_1");
        script.answer(
                create,
                sid(create),
                "{\"type\":\"x\",\"error\":{\"code\":404,\"err_code\":10059,\"description\":\"stream not found\"}}");
        assertThatThrownBy(fetch::toList)
                .isInstanceOf(ConsumeException.class)
                .hasMessageStartingWith("cannot read stream S in order: ")
                .hasMessageContaining("stream not found");
        assertThat(fetch.end()).isEqualTo(ConsumeEnd.REFUSED);
    }

    @Test
    void hasNoGroup() {
        FetchOptions grouped = FetchOptions.builder().group("g").build();
        assertThatThrownBy(() -> ordered.fetch(grouped))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("group is \"g\": must not be with an ordered consumer, which has its consumer alone");
    }

    private void status(Script.Asked pull, String status) {
        String block = "NATS/1.0 " + status + "\r\n\r\n";
        script.peer.send("HMSG " + pull.replyTo() + " " + sid(pull) + " " + block.length() + " " + block.length()
                + "\r\n" + block + "\r\n");
    }
}
