// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Streams are made, changed, listed, purged and deleted, by servers of both versions. */
@NatsServerTest(jetStream = true)
class StreamManagementIT extends StreamCase {
    StreamManagementIT(NatsServer server, NatsServerVersion version) {
        super(server, version);
    }

    @Test
    void createsAndTells() {
        Stream stream =
                js.createStream(config().maxMsgs(10).maxAge(Duration.ofHours(1)).build());

        StreamInfo info = Objects.requireNonNull(stream.lastInfo());
        assertThat(stream.name()).isEqualTo(name);
        assertThat(info.unknown()).isEmpty();
        assertThat(info.config().subjects()).containsExactly(name + ".>");
        assertThat(info.config().maxMsgs()).isEqualTo(10);
        assertThat(info.config().duplicateWindow()).isEqualTo(Duration.ofMinutes(2));
        assertThat(info.state().messages()).isZero();
        assertThat(js.stream(name).lastInfo()).isNull();
        assertThat(js.stream(name).info().config()).isEqualTo(info.config());
    }

    @Test
    void theSameAgainIsFineAnotherIsRefused() {
        js.createStream(config().build());
        assertThat(js.createStream(config().build()).name()).isEqualTo(name);

        assertThatThrownBy(() -> js.createStream(config().maxMsgs(5).build()))
                .asInstanceOf(InstanceOfAssertFactories.type(JetStreamApiException.class))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(400);
                    assertThat(e.errCode()).isEqualTo(10058);
                    assertThat(e.description()).isEqualTo("stream name already in use with a different configuration");
                    assertThat(e)
                            .hasMessage("cannot create stream " + name + ": " + e.description()
                                    + " (code 400, err_code 10058)");
                });
    }

    @Test
    void updates() {
        Stream stream = js.createStream(config().maxMsgs(10).build());
        StreamConfig was = stream.info().config();

        StreamInfo changed = Objects.requireNonNull(
                js.updateStream(was.toBuilder().maxMsgs(20).build()).lastInfo());

        assertThat(changed.config().maxMsgs()).isEqualTo(20);
        assertThat(changed.config()).isEqualTo(was.toBuilder().maxMsgs(20).build());
        assertThatThrownBy(() -> js.updateStream(
                        was.toBuilder().storage(StorageType.MEMORY).build()))
                .isInstanceOf(JetStreamApiException.class)
                .hasMessageContaining("cannot update stream " + name + ": ")
                .hasMessageContaining("storage");
    }

    @Test
    void createOrUpdate() {
        assertThatThrownBy(() -> js.updateStream(config().build())).satisfies(errCode(10059));
        assertThat(js.createOrUpdateStream(config().build()).lastInfo()).isNotNull();
        Stream stream = js.createOrUpdateStream(config().maxMsgs(7).build());
        assertThat(stream.info().config().maxMsgs()).isEqualTo(7);
    }

    @Test
    void deletes() {
        js.createStream(config().build());
        js.deleteStream(name);
        assertThatThrownBy(() -> js.deleteStream(name)).satisfies(errCode(10059));
        assertThatThrownBy(() -> js.stream(name).info())
                .hasMessage("cannot get info of stream " + name + ": stream not found (code 404, err_code 10059)");
    }

    @Test
    void lists() {
        TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i < 5; i++) {
            String each = name + "-" + i;
            names.add(each);
            js.createStream(StreamConfig.builder(each)
                    .subjects(name + "." + i)
                    .storage(StorageType.MEMORY)
                    .build());
        }

        assertThat(js.streamNames().toList()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(js.streams().stream().map(info -> info.config().name())).containsExactlyInAnyOrderElementsOf(names);
        assertThat(js.streamNames(name + ".3").toList()).containsExactly(name + "-3");
        assertThat(js.streams().offline()).isEmpty();
        assertThat(js.streams().missing()).isEmpty();
        Iterator<StreamInfo> lazily = js.streams().iterator();
        long before = nc.statistics().outAccepted();
        lazily.next();
        assertThat(nc.statistics().outAccepted() - before)
                .as("one page asked for")
                .isEqualTo(1);
    }

    @Test
    void subjectsAndDeletedMessages() {
        Stream stream = js.createStream(config().build());
        for (int i = 0; i < 6; i++) {
            publish(name + "." + i % 3, "m" + i);
        }
        stream.deleteMessage(2);
        stream.eraseMessage(5);

        assertThat(stream.subjects(">").toList())
                .containsExactlyInAnyOrder(new SubjectCount(name + ".0", 2), new SubjectCount(name + ".2", 2));
        assertThat(stream.subjects(name + ".1").toList()).isEmpty();
        StreamState state = stream.infoWithDeleted().state();
        assertThat(state.deleted()).containsExactly(2L, 5L);
        assertThat(state.numDeleted()).isEqualTo(2);
        assertThat(state.lastSeq()).isEqualTo(6);
        assertThat(stream.info().state().deleted()).isEmpty();
        assertThatThrownBy(() -> stream.deleteMessage(2)).isInstanceOf(JetStreamApiException.class);
    }

    @Test
    void purges() {
        Stream stream = js.createStream(config().build());
        for (int i = 0; i < 9; i++) {
            publish(name + "." + i % 3, "m" + i);
        }
        assertThat(stream.purge(PurgeOptions.builder().before(3).build())).isEqualTo(2);
        assertThat(stream.purge(PurgeOptions.subject(name + ".0"))).isEqualTo(2);
        assertThat(stream.purge(
                        PurgeOptions.builder().subject(name + ".1").keep(1).build()))
                .isEqualTo(1);
        assertThat(stream.info().state().messages()).isEqualTo(4);
        assertThat(stream.purge()).isEqualTo(4);
        assertThat(stream.info().state().messages()).isZero();
    }

    @Test
    void mirrorsSourcesAndRepublish() {
        js.createStream(
                config().republish(Republish.of(name + ".>", "again.>", true)).build());
        Stream mirror = js.createStream(
                StreamConfig.builder(name + "-m").mirror(StreamSource.of(name)).build());
        Stream sourced = js.createStream(StreamConfig.builder(name + "-s")
                .sources(StreamSource.builder(name).filterSubject(name + ".a").build())
                .build());

        Patience.until("the mirror", () -> mirror.info().mirror() != null);
        Patience.until("the source", () -> !sourced.info().sources().isEmpty());
        assertThat(Objects.requireNonNull(mirror.info().mirror()).name()).isEqualTo(name);
        assertThat(sourced.info().sources()).extracting(StreamSourceInfo::name).containsExactly(name);
        assertThat(js.stream(name).info().config().republish()).isEqualTo(Republish.of(name + ".>", "again.>", true));
    }

    /** A server that is in no cluster has no other to lead. */
    @Test
    void clusterOnly() {
        Stream stream = js.createStream(config().build());
        assertThatThrownBy(stream::stepDownLeader)
                .isInstanceOfAny(JetStreamApiException.class, JetStreamException.class);
        assertThatThrownBy(() -> stream.removePeer("n1")).isInstanceOf(JetStreamException.class);
    }

    @Test
    void accountInfo() {
        js.createStream(config().build());
        AccountInfo info = js.accountInfo();
        assertThat(info.streams()).isEqualTo(1);
        assertThat(info.limits().maxStreams()).isEqualTo(-1);
        assertThat(info.api().total()).isPositive();
        assertThat(info.unknown()).isEmpty();
    }

    @Test
    void badArgumentsAskNothing() {
        long before = nc.statistics().outAccepted();
        List<Runnable> bad = new ArrayList<>(List.of(
                () -> js.stream("a.b"),
                () -> js.deleteStream("*"),
                () -> js.streamNames("a b"),
                () -> js.stream("S").deleteMessage(0),
                () -> js.stream("S").consumer(""),
                () -> PurgeOptions.builder().keep(0),
                () -> PurgeOptions.builder().keep(1).before(2).build(),
                () -> MessageQuery.sequence(0),
                () -> JetStreamOptions.builder().timeout(Duration.ZERO),
                () -> JetStreamOptions.builder().domain("a.b"),
                () -> JetStreamOptions.builder().prefix("a.*")));
        bad.forEach(call -> assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(" "));
        assertThat(nc.statistics().outAccepted()).isEqualTo(before);
    }

    private StreamConfigBuilder config() {
        return StreamConfig.builder(name).subjects(name + ".>");
    }

    private void publish(String subject, String text) {
        nc.request(subject, text, Patience.LONG);
    }

    private static java.util.function.Consumer<Throwable> errCode(int code) {
        return e -> assertThat(e)
                .isInstanceOfSatisfying(
                        JetStreamApiException.class,
                        refused -> assertThat(refused.errCode()).isEqualTo(code));
    }
}
