// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static dev.midge.client.VirtualPool.info;
import static dev.midge.client.VirtualPool.steady;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.Info;
import dev.midge.protocol.Secret;
import dev.midge.transport.Endpoint;
import dev.midge.transport.Endpoint.Scheme;
import dev.midge.transport.UserInfo;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** R-A13: what servers say of each other. */
class ServerPoolDiscoveryTest {
    @Test
    void announcedServersJoin() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        Server a = pool.next();
        assertThat(pool.pool.announced(a, info("a:4222", "b:4222"))).isEmpty(); // the first INFO is no news
        assertThat(pool.pool.view())
                .containsExactly(
                        new ServerState(Endpoint.parse("a"), false, 0), new ServerState(Endpoint.parse("b"), true, 0));
        assertThat(pool.pool.announced(a, info("a:4222", "b:4222", "c:5222")))
                .containsExactly(Endpoint.parse("c:5222"));
        assertThat(pool.pool.announced(a, info("c:5222", "B:4222"))).isEmpty();
        assertThat(pool.hosts()).containsExactly("a", "b", "c");
    }

    @Test
    void theyVanishWhenTheyAreAnnouncedNoMore() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a", "x");
        Server a = pool.next();
        pool.pool.announced(a, info("b:1", "c:1"));
        assertThat(pool.pool.announced(a, info("c:1"))).isEmpty();
        assertThat(pool.hosts()).containsExactly("a", "x", "c");
        assertThat(pool.pool.announced(a, info("b:1", "c:1"))).containsExactly(Endpoint.parse("b:1"));
    }

    @Test
    void theOneConnectedToStays() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        pool.pool.announced(pool.next(), info("b:1", "c:1"));
        Server b = pool.named("b");
        pool.pool.connected(b);
        pool.pool.announced(b, info("c:1"));
        assertThat(pool.hosts()).containsExactly("a", "b", "c");
        pool.pool.announced(pool.named("c"), info("c:1"));
        assertThat(pool.hosts()).containsExactly("a", "c");
    }

    /** As from servers that do not advertise. */
    @Test
    void whoAnnouncesNobodySaysNothing() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        Server a = pool.next();
        pool.pool.announced(a, info("b:1"));
        pool.pool.announced(a, Info.parse("{}"));
        assertThat(pool.hosts()).containsExactly("a", "b");
    }

    @Test
    void canBeIgnored() {
        VirtualPool pool = new VirtualPool(
                1, steady().build(), options -> options.servers("a").ignoreDiscoveredServers(true));
        Server a = pool.next();
        pool.pool.announced(a, info("b:1"));
        assertThat(pool.pool.announced(a, info("b:1", "c:1"))).isEmpty();
        assertThat(pool.hosts()).containsExactly("a");
    }

    @Test
    void theyHaveSchemeAndUserOfTheOneConnectedTo() {
        VirtualPool pool = VirtualPool.of(steady().build(), "tls://joe:secret@a");
        pool.pool.announced(pool.next(), info("b:1"));
        Endpoint b = pool.pool.view().get(1).endpoint();
        assertThat(b.scheme()).isEqualTo(Scheme.TLS);
        assertThat(b.userInfo()).isEqualTo(new UserInfo.UserPassword("joe", Secret.of("secret")));
        assertThat(b.tlsHost()).isNull();
    }

    /** R-A12: certificates are of names. */
    @Test
    void addressesHaveTheNameOfTheOneConnectedTo() {
        VirtualPool pool = VirtualPool.of(steady().build(), "tls://cluster.example");
        pool.pool.announced(pool.next(), info("10.0.0.1:4222", "[2001:db8::1]:4222"));
        Server address = pool.named("10.0.0.1");
        assertThat(address.endpoint().tlsHost()).isEqualTo("cluster.example");
        pool.pool.announced(address, info("10.0.0.1:4222", "[2001:db8::1]:4222", "10.0.0.2:4222"));
        assertThat(pool.pool.view())
                .extracting(state -> state.endpoint().certificateHost())
                .containsOnly("cluster.example");
    }

    @Test
    void addressesHaveNoNameWhereThereIsNone() {
        VirtualPool pool = VirtualPool.of(steady().build(), "tls://127.0.0.1");
        pool.pool.announced(pool.next(), info("127.0.0.2:4222"));
        assertThat(pool.pool.view().get(1).endpoint().tlsHost()).isNull();
    }

    @Test
    void webSocketServersAreThoseAnnouncedForWebSocket() {
        VirtualPool pool = VirtualPool.of(steady().build(), "wss://a/path");
        Info info = Info.parse("{\"connect_urls\":[\"x:4222\"],\"ws_connect_urls\":[\"a:443\",\"b:8080\"]}");
        pool.pool.announced(pool.next(), info);
        assertThat(pool.pool.view())
                .extracting(state -> state.endpoint().toString())
                .containsExactly("wss://a:443/path", "wss://b:8080");
    }

    /** As nats-server 2.9.10 and 2.15.2 have it: to WebSocket clients these are the ports for WebSocket. */
    @Test
    void webSocketServersMayBeAnnouncedAsAnyOthers() {
        VirtualPool pool = VirtualPool.of(steady().build(), "ws://a");
        pool.pool.announced(pool.next(), info("a:80", "b:8080"));
        assertThat(pool.pool.view())
                .extracting(state -> state.endpoint().toString())
                .containsExactly("ws://a:80", "ws://b:8080");
    }

    /** R-A15, R-A4: what was given up is not begun again while the others do not know better. */
    @Test
    void aServerThatLeftComesBackWhenItVanishedMeanwhile() {
        VirtualPool pool = VirtualPool.of(steady().maxAttempts(1).build(), "a");
        Server a = pool.next();
        pool.pool.announced(a, info("a:4222", "b:1"));
        pool.refuse(pool.named("b"));
        assertThat(pool.hosts()).containsExactly("a");
        assertThat(pool.pool.announced(a, info("a:4222", "b:1"))).isEmpty();
        assertThat(pool.hosts()).containsExactly("a");
        pool.pool.announced(a, info("a:4222"));
        assertThat(pool.pool.announced(a, info("a:4222", "b:1"))).containsExactly(Endpoint.parse("b:1"));
    }

    @Test
    void nonsenseIsLeftOut() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        pool.pool.announced(pool.next(), info("", ":", "b:0", "b:99999", "::1", "a b:1", "http://c:1", "d:1"));
        assertThat(pool.hosts()).containsExactly("a", "d");
    }

    @Test
    void theirNumberIsLimited() {
        VirtualPool pool = VirtualPool.of(steady().build(), "a");
        String[] many = IntStream.range(0, 5000).mapToObj(i -> "s" + i + ":1").toArray(String[]::new);
        pool.pool.announced(pool.next(), info(many));
        assertThat(pool.hosts()).hasSize(1000);
    }

    @Test
    void manyUsersOfOneServerAreStillOne() {
        VirtualPool pool = VirtualPool.of(steady().build(), "joe:x@a", "sue:x@a");
        assertThat(pool.hosts()).isEqualTo(List.of("a", "a"));
        assertThat(pool.pool.announced(pool.next(), info("a:4222"))).isEmpty();
        assertThat(pool.hosts()).isEqualTo(List.of("a", "a"));
    }
}
