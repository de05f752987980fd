// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.midge.protocol.Connect;
import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R-A12: the addresses of a name race each other, if told so. */
class DialerTest {
    /** One address after the other, each would have half of it. */
    private static final Duration LONG = Duration.ofSeconds(100);

    private static final Duration WITHIN = Duration.ofSeconds(30);

    private EventLoops.Lease loops;
    private SharedExecutor.Lease executor;

    @BeforeEach
    void acquire() {
        loops = EventLoops.own(TransportKind.AUTO, 1).acquire();
        executor = SharedExecutor.own(1).acquire();
    }

    @AfterEach
    void release() {
        loops.release();
        executor.release();
    }

    private static ConnectRequest.Builder to(int port) {
        return ConnectRequest.to(Endpoint.parse("test.example:" + port)).timeout(LONG);
    }

    private Future<Link> race(ConnectRequest.Builder request, String... addresses) {
        HostResolver resolver = host -> {
            List<InetAddress> found = new ArrayList<>();
            for (String address : addresses) {
                found.add(InetAddress.getByName(address));
            }
            return found;
        };
        return new Connector(resolver, executor)
                .connect(
                        loops.next(),
                        request.build(info -> CompletableFuture.completedFuture(
                                Connect.builder().build())));
    }

    private static String addressOf(Future<Link> future, ServerSocket server) throws Exception {
        server.setSoTimeout((int) WITHIN.toMillis());
        try (Socket peer = server.accept()) {
            greet(peer);
            Link link = future.get(WITHIN.toSeconds(), TimeUnit.SECONDS);
            link.close();
            return link.address().getAddress().getHostAddress();
        }
    }

    private static boolean hasIpV6() {
        try (ServerSocket socket = listen("::1", 0)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static ServerSocket listen(String address, int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.getByName(address));
    }

    @Test
    void aSilentAddressIsOvertaken() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.1");
                ServerSocket server = listen("127.0.0.3", hole.port())) {
            Future<Link> future =
                    race(to(hole.port()).racingDelay(Duration.ofMillis(50)), "127.0.0.1", "127.0.0.3", "127.0.0.2");
            assertThat(addressOf(future, server)).isEqualTo("127.0.0.3");
        }
    }

    @Test
    void afterAFailureTheNextOneStartsAtOnce() throws Exception {
        try (ServerSocket server = listen("127.0.0.3", 0)) {
            Future<Link> future =
                    race(to(server.getLocalPort()).racingDelay(Duration.ofMinutes(1)), "127.0.0.2", "127.0.0.3");
            assertThat(addressOf(future, server)).isEqualTo("127.0.0.3");
        }
    }

    /** The other kind is tried second, behind however many of the first kind. */
    @Test
    void theOtherKindOfAddressIsTriedSoon() throws Exception {
        assumeThat(hasIpV6()).as("IPv6 on this machine").isTrue();
        try (BlackHole hole = new BlackHole("127.0.0.1");
                ServerSocket server = listen("::1", hole.port())) {
            String[] addresses = new String[100];
            Arrays.fill(addresses, "127.0.0.1");
            addresses[99] = "::1";
            Future<Link> future = race(to(hole.port()).racingDelay(Duration.ofSeconds(1)), addresses);
            assertThat(addressOf(future, server)).isEqualTo("0:0:0:0:0:0:0:1");
        }
    }

    @Test
    void theFirstConnectionIsUsedAndTheOthersAreClosed() throws Exception {
        List<Socket> accepted = Collections.synchronizedList(new ArrayList<>());
        Thread acceptor;
        try (ServerSocket server = listen("0.0.0.0", 0)) {
            acceptor = new Thread(() -> acceptAll(server, accepted));
            acceptor.start();
            Future<Link> future = race(
                    to(server.getLocalPort()).racingDelay(Duration.ofNanos(1)), "127.0.0.2", "127.0.0.3", "127.0.0.4");
            future.get(WITHIN.toSeconds(), TimeUnit.SECONDS).close();
        }
        acceptor.join();
        assertThat(accepted).isNotEmpty();
        for (Socket peer : accepted) {
            try (peer) {
                peer.setSoTimeout((int) WITHIN.toMillis());
                peer.getInputStream().readAllBytes(); // times out unless the client has closed it
            } catch (SocketException e) {
                // reset: closed all the same
            }
        }
    }

    private static void acceptAll(ServerSocket server, List<Socket> accepted) {
        try {
            while (true) {
                Socket peer = server.accept();
                accepted.add(peer);
                greet(peer);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void greet(Socket peer) {
        try {
            peer.getOutputStream().write("INFO {}\r\nPONG\r\n".getBytes(US_ASCII));
        } catch (IOException e) {
            // another one was first
        }
    }

    @Test
    void allAreNamedWhenNoneTakesTheConnection() throws Exception {
        Future<Link> future;
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(0)); // so nobody else listens there
            future = race(
                    to(bound.getLocalPort()).racingDelay(Duration.ofMillis(1)), "127.0.0.1", "127.0.0.2", "127.0.0.3");
            assertThat(future.await(WITHIN.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(future.cause())
                .isInstanceOfSatisfying(ConnectFailedException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
                    assertThat(failure.phase()).isEqualTo(Phase.TCP);
                })
                .hasMessageContaining("all addresses: ")
                .hasMessageContaining("127.0.0.1: ")
                .hasMessageContaining("127.0.0.2: ")
                .hasMessageContaining("127.0.0.3: ");
    }

    @Test
    void atTheDeadlineAllAreGivenUp() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.1")) {
            Future<Link> future = race(
                    to(hole.port()).racingDelay(Duration.ofMillis(1)).timeout(Duration.ofSeconds(5)),
                    "127.0.0.1",
                    "127.0.0.2",
                    "127.0.0.1");
            assertThat(future.await(WITHIN.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(future.cause())
                    .isInstanceOfSatisfying(
                            ConnectFailedException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT))
                    .hasMessageContaining(
                            "no TCP connection was opened within the 5000 ms of the attempt; 127.0.0.2: ");
        }
    }

    /** R-A7: the leak check sees that nothing stays. */
    @Test
    void aRaceCanBeCancelled() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.1")) {
            Future<Link> future =
                    race(to(hole.port()).racingDelay(Duration.ofMillis(1)), "127.0.0.1", "127.0.0.2", "127.0.0.1");
            assertThat(future.await(50, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(future.cancel(false)).isTrue();
        }
    }

    /** ADR-11. */
    @Test
    void addressesAreShuffledIfToldSo() throws Exception {
        Set<String> used = new HashSet<>();
        try (ServerSocket server = listen("0.0.0.0", 0)) {
            for (int i = 0; i < 100 && used.size() < 3; i++) {
                used.add(addressOf(
                        race(to(server.getLocalPort()).shuffleAddresses(true), "127.0.0.1", "127.0.0.2", "127.0.0.3"),
                        server));
            }
        }
        assertThat(used).containsExactlyInAnyOrder("127.0.0.1", "127.0.0.2", "127.0.0.3");
    }

    @Test
    void theDelayIsChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> to(1).racingDelay(Duration.ofMillis(-1)))
                .withMessage("racingDelay is PT-0.001S: must be 0 to a minute");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> to(1).racingDelay(Duration.ofSeconds(61)))
                .withMessage("racingDelay is PT1M1S: must be 0 to a minute");
    }
}
