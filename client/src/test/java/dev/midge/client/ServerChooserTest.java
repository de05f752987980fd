// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.VirtualPool.info;
import static dev.midge.client.VirtualPool.steady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.ServerChooser.Choice;
import dev.midge.protocol.Info;
import dev.midge.transport.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The callback that chooses the next server. */
class ServerChooserTest {
    private static VirtualPool pool(ServerChooser chooser, String... urls) {
        return new VirtualPool(
                1, steady().build(), options -> options.servers(urls).serverChooser(chooser));
    }

    private static VirtualPool connected(ServerChooser chooser, String... urls) {
        VirtualPool pool = pool(chooser, urls);
        Server first = pool.next();
        pool.pool.connected(first);
        pool.pool.lost(first, Long.MAX_VALUE, null);
        return pool;
    }

    @Test
    void chooses() {
        VirtualPool pool =
                connected((servers, info) -> new Choice(servers.get(2).endpoint()), "a", "b", "c");
        assertThat(pool.next().endpoint().host()).isEqualTo("c");
        pool.refuse(pool.next());
        assertThat(pool.next().endpoint().host()).isEqualTo("c");
        assertThat(pool.delayMillis(pool.next())).isEqualTo(250); // it waits as usual
    }

    @Test
    void choosesTheDelayToo() {
        Duration[] delay = {Duration.ZERO};
        VirtualPool pool =
                connected((servers, info) -> new Choice(servers.get(0).endpoint(), delay[0]), "a", "b", "c");
        pool.refuse(pool.next());
        assertThat(pool.delayMillis(pool.next())).isZero();
        delay[0] = Duration.ofSeconds(7);
        assertThat(pool.delayMillis(pool.next())).isEqualTo(7000);
    }

    @Test
    void isToldTheServersAndTheLastInfo() {
        List<List<ServerState>> told = new ArrayList<>();
        List<@Nullable Info> infos = new ArrayList<>();
        VirtualPool pool = pool(
                (servers, info) -> {
                    told.add(servers);
                    infos.add(info);
                    return null;
                },
                "a");
        Info info = info("b:1");
        Server a = pool.next();
        pool.pool.connected(a);
        pool.pool.announced(a, info);
        pool.next();
        assertThat(told)
                .containsExactly(List.of(
                        new ServerState(Endpoint.parse("a"), false, 0),
                        new ServerState(Endpoint.parse("b:1"), true, 0)));
        assertThat(infos).containsExactly(info);
        assertThatThrownBy(() -> told.get(0).clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void mayLeaveItToTheConnection() {
        VirtualPool pool = connected((servers, info) -> null, "a", "b");
        assertThat(pool.next().endpoint().host()).isEqualTo("b");
        assertThat(pool.events).isEmpty();
    }

    @Test
    void failuresAreToldAndTheConnectionChooses() {
        List<ServerChooser> bad = List.of(
                (servers, info) -> {
                    throw new IllegalStateException("no idea");
                },
                (servers, info) -> new Choice(Endpoint.parse("elsewhere")),
                (servers, info) -> new Choice(Endpoint.parse("a"), Duration.ofSeconds(-1)),
                (servers, info) -> new Choice(Endpoint.parse("a"), Duration.ofDays(2)));
        List<String> texts = List.of("no idea", "nats://elsewhere:4222", "delay is PT-1S", "delay is PT48H");
        for (int i = 0; i < bad.size(); i++) {
            String text = texts.get(i);
            VirtualPool pool = connected(bad.get(i), "a", "b");
            assertThat(pool.next().endpoint().host()).isEqualTo("b");
            assertThat(pool.events)
                    .singleElement()
                    .isInstanceOfSatisfying(ConnectionEvent.CallbackFailed.class, failed -> {
                        assertThat(failed.callback()).isEqualTo("serverChooser");
                        assertThat(failed.cause()).hasMessageContaining(text);
                    });
        }
    }

    /** R-A11: each server is tried once at first. */
    @Test
    void isNotAskedBeforeEachServerWasTriedOnce() {
        VirtualPool pool = pool((servers, info) -> new Choice(servers.get(0).endpoint()), "a", "b");
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Server next = pool.await();
            hosts.add(next.endpoint().host());
            pool.refuse(next);
        }
        assertThat(hosts).containsExactly("a", "b", "a", "a");
    }

    /** It cannot have what failed too often. */
    @Test
    void isNotAskedOfAnEmptyPool() {
        VirtualPool pool = new VirtualPool(
                1,
                steady().maxAttempts(1).build(),
                options -> options.servers("a")
                        .serverChooser(
                                (servers, info) -> new Choice(servers.get(0).endpoint())));
        pool.refuse(pool.next());
        assertThat(pool.nextOrNull()).isNull();
        assertThat(pool.events).isEmpty();
    }
}
