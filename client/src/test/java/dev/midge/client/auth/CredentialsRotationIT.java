// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.ConnectionStatus;
import dev.midge.client.EndReason;
import dev.midge.client.Nats;
import dev.midge.client.Patient;
import dev.midge.client.Reconnect;
import dev.midge.client.ServerErrorException;
import dev.midge.client.Subscription;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerTest;
import dev.midge.testkit.base.NatsServerVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R-A14, R-A15: credentials that end, or are withdrawn, while the connection lives. */
@NatsServerTest
class CredentialsRotationIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NatsServerVersion version;
    private final BlockingQueue<ConnectionEvent> events = new LinkedBlockingQueue<>();

    CredentialsRotationIT(NatsServerVersion version) {
        this.version = version;
    }

    /** Time enough to connect, on a machine that has other things to do. */
    private static final long LIFE_SECONDS = 8;

    private NatsServer start(String config) {
        return NatsServer.builder().version(version).config(config).start();
    }

    private Connection connect(NatsServer server, Auth auth) {
        return Nats.connect(Patient.options()
                .servers(server.url())
                .auth(auth)
                .listener(events::add)
                .reconnect(Reconnect.builder().wait(Duration.ofMillis(20)).build())
                .build());
    }

    /** The next one of a type; others before it do not matter. */
    private <E extends ConnectionEvent> E await(Class<E> type) throws InterruptedException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (true) {
            ConnectionEvent event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(event).as("%s in time", type.getSimpleName()).isNotNull();
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
    }

    @Test
    void expiredOnesAreReplaced(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("user.creds");
        try (NatsServer server = start(Keys.serverConfig());
                Connection nc = connect(server, Auth.credentials(withSoonExpired(file)))) {
            Subscription sub = nc.subscribe("a");
            nc.flush(LONG);
            Files.writeString(file, Keys.credentials(Keys.userJwt(Keys.OTHER_USER, 0), Keys.OTHER_USER_SEED));

            ConnectionEvent.Disconnected lost = await(ConnectionEvent.Disconnected.class);
            assertThat(lost.reason()).isEqualTo(EndReason.SERVER_ERROR);
            assertThat(lost.cause())
                    .isInstanceOf(ServerErrorException.class)
                    .hasMessageContaining("User Authentication Expired");
            await(ConnectionEvent.Reconnected.class);
            nc.publish("a", "1");
            assertThat(sub.next(LONG).text()).isEqualTo("1");
        }
    }

    private static Path withSoonExpired(Path file) throws Exception {
        return Files.writeString(file, Keys.credentials(soonExpired(), Keys.USER_SEED));
    }

    private static String soonExpired() throws Exception {
        return Keys.userJwt(Keys.USER, Instant.now().getEpochSecond() + LIFE_SECONDS);
    }

    /** The same refusal twice in a row, of the only server there is. */
    @Test
    void expiredOnesThatStay() throws Exception {
        try (NatsServer server = start(Keys.serverConfig());
                Connection nc = connect(server, Auth.jwt(soonExpired().toCharArray(), Keys.USER_SEED.toCharArray()))) {
            await(ConnectionEvent.Disconnected.class);
            ConnectionEvent.Closed closed = await(ConnectionEvent.Closed.class);
            assertThat(closed.reason()).isEqualTo(EndReason.AUTHENTICATION);
            assertThat(closed.cause()).hasMessageContaining(server.url());
            assertThat(nc.status()).isEqualTo(ConnectionStatus.CLOSED);
        }
    }

    /** R-A15, R-B8: the server's configuration changes, and its users with it. */
    @Test
    void aUserThatIsWithdrawnAndReplaced() throws Exception {
        String[] user = {"first"};
        try (NatsServer server = start("authorization { timeout: 60, users: [ {user: first, password: p} ] }");
                Connection nc = connect(server, Auth.userPassword(() -> user[0], () -> new char[] {'p'}))) {
            Subscription sub = nc.subscribe("a");
            nc.flush(LONG);
            user[0] = "second";
            server.reload("authorization { timeout: 60, users: [ {user: second, password: p} ] }");
            await(ConnectionEvent.Disconnected.class);
            await(ConnectionEvent.Reconnected.class);
            nc.publish("a", "1");
            assertThat(sub.next(LONG).text()).isEqualTo("1");
        }
    }
}
