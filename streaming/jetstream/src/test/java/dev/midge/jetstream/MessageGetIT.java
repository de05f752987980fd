// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Message;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Messages as a stream holds them, from its leader, from any replica, and in batches. */
@NatsServerTest(jetStream = true)
class MessageGetIT extends StreamCase {
    /** Servers before 2.11 say nothing to a direct get that is not allowed: a test waits for so long in vain. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    MessageGetIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    @Test
    void fromTheLeader() {
        Stream stream = filled(false);
        check(stream.message(2));
        check(stream.message(MessageQuery.last(name + ".b")));
        check(stream.message(MessageQuery.next(1, name + ".b")));
        assertThatThrownBy(() -> stream.message(99))
                .isInstanceOfSatisfying(JetStreamApiException.class, e -> {
                    assertThat(e.errCode()).isEqualTo(10037);
                    assertThat(e.code()).isEqualTo(404);
                })
                .hasMessageContaining("cannot get message {\"seq\":99} of stream " + name);
    }

    @Test
    void direct() {
        Stream stream = filled(true);
        check(stream.direct(MessageQuery.sequence(2)));
        check(stream.direct(MessageQuery.last(name + ".b")));
        check(stream.direct(MessageQuery.next(1, name + ".b")));
        assertThat(stream.direct(MessageQuery.last(name + ".*")).sequence()).isEqualTo(3);
        assertThatThrownBy(() -> stream.direct(MessageQuery.last(name + ".none")))
                .isInstanceOfSatisfying(
                        JetStreamApiException.class,
                        e -> assertThat(e.errCode()).isEqualTo(10037));
    }

    @Test
    void directFallsBackToTheLeader() {
        Stream stream = filled(false);
        check(stream.direct(MessageQuery.sequence(2)));
        check(stream.direct(MessageQuery.last(name + ".b")));
        Stream none = js.stream(name + "-none");
        assertThatThrownBy(() -> none.direct(MessageQuery.sequence(1)))
                .isInstanceOfSatisfying(
                        JetStreamApiException.class,
                        e -> assertThat(e.errCode()).isEqualTo(10059));
    }

    /** What the handle knows may be outdated. */
    @Test
    void directFallsBackWhenItIsNoLongerAllowed() {
        Stream stream = filled(true);
        JetStreamOptions patient = JetStreamOptions.builder().timeout(SILENCE).build();
        Stream other = JetStream.of(nc, patient).stream(name);
        check(other.direct(MessageQuery.sequence(2)));
        js.updateStream(stream.info().config().toBuilder().allowDirect(false).build());
        check(other.direct(MessageQuery.sequence(2)));
    }

    @Test
    void sinceATime() {
        Stream stream = filled(true);
        Instant time = stream.message(2).time();
        if (old) {
            assertThatThrownBy(() -> stream.message(MessageQuery.since(time)))
                    .isInstanceOf(ServerTooOldException.class)
                    .hasMessageContaining("start_time needs a server of 2.11");
        } else {
            check(stream.direct(MessageQuery.since(time)));
        }
    }

    @Test
    void batches() {
        Stream stream = filled(true);
        BatchQuery two = BatchQuery.subject(name + ".>").batch(2).build();
        if (old) {
            assertThatThrownBy(() -> stream.direct(two).toList())
                    .isInstanceOf(ServerTooOldException.class)
                    .hasMessageContaining("direct get of batches needs a server of 2.11 (API level 1) or newer");
            return;
        }
        List<StoredMessage> all = stream.direct(two).toList();
        assertThat(all).extracting(StoredMessage::sequence).containsExactly(1L, 2L, 3L);
        check(all.get(1));
        assertThat(stream.direct(BatchQuery.subject(name + ".a").from(2).build())
                        .toList())
                .extracting(StoredMessage::sequence)
                .containsExactly(3L);
        assertThat(stream.direct(BatchQuery.subject(name + ".none").build()).toList())
                .isEmpty();
        assertThat(stream.direct(BatchQuery.lastOf(name + ".>").batch(1).build())
                        .toList())
                .extracting(StoredMessage::sequence)
                .containsExactly(2L, 3L);
        assertThat(stream.direct(BatchQuery.lastOf(name + ".>").upTo(2).build()).toList())
                .extracting(StoredMessage::sequence)
                .containsExactly(1L, 2L);
    }

    @Test
    void batchesNeedAllowDirect() {
        Stream stream = filled(false);
        if (!old) {
            assertThatThrownBy(
                            () -> stream.direct(BatchQuery.subject(">").build()).toList())
                    .isExactlyInstanceOf(JetStreamException.class)
                    .hasMessageContaining("allow_direct is off");
        }
    }

    /** a, b with a header, a. */
    private Stream filled(boolean direct) {
        Stream stream = js.createStream(StreamConfig.builder(name)
                .subjects(name + ".>")
                .allowDirect(direct)
                .build());
        nc.request(name + ".a", "1", Patience.LONG);
        nc.request(Message.to(name + ".b").header("k", "v").data("zwö").build(), Patience.LONG);
        nc.request(name + ".a", "3", Patience.LONG);
        return stream;
    }

    private void check(StoredMessage message) {
        assertThat(message.sequence()).isEqualTo(2);
        assertThat(message.subject()).isEqualTo(name + ".b");
        assertThat(message.text()).isEqualTo("zwö");
        assertThat(message.headers().names()).containsExactly("k");
        assertThat(message.headers().get("k")).isEqualTo("v");
        StreamState state = Objects.requireNonNull(js.stream(name).info()).state();
        assertThat(message.time())
                .isBetween(Objects.requireNonNull(state.firstTs()), Objects.requireNonNull(state.lastTs()));
    }
}
