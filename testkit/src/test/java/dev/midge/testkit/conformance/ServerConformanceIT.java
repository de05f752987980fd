// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The suite against real servers, compared with the files of expected results. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ServerConformanceIT {
    @Test
    void natsServer2152() {
        compare(ServerUnderTest.natsServer(NatsServerVersion.V2_15_2));
    }

    @Test
    void natsServer2910() {
        compare(ServerUnderTest.natsServer(NatsServerVersion.V2_9_10));
    }

    @Test
    void runningEmbeddedServer() {
        try (EmbeddedServer server = EmbeddedServer.start();
                ServerUnderTest at = ServerUnderTest.at(URI.create(server.url()))) {
            Report report = ServerConformance.run(at);
            assertThat(report.expectation()).isEqualTo("embedded");
            assertThat(report.unexpected()).isEmpty();
            assertThat(report.passed()).isGreaterThan(200);
        }
    }

    /** As a user tests a server of their own: what needs a configuration is left out, everything else is as expected. */
    @Test
    void runningServer() {
        try (NatsServer server = NatsServer.start();
                ServerUnderTest at = ServerUnderTest.at(URI.create(server.url()))) {
            Report report = ServerConformance.run(at);
            assertThat(report.subject()).contains("version 2.15.2");
            assertThat(report.expectation()).isEqualTo("nats-server-2.15.2");
            assertThat(report.unexpected()).isEmpty();
            assertThat(report.passed()).isGreaterThan(200);
            assertThat(report.notRun()).isPositive();
        }
    }

    /** With credentials: conversations without "connects" are left out as well. */
    @Test
    void runningServerWithUsers() {
        try (NatsServer server = NatsServer.builder()
                        .config("authorization: {user: joe, password: secret}")
                        .start();
                ServerUnderTest at = ServerUnderTest.at(URI.create("nats://joe:secret@127.0.0.1:" + server.port()))) {
            Report report = ServerConformance.run(at);
            assertThat(report.unexpected()).isEmpty();
            assertThat(report.passed()).isGreaterThan(150);
        }
    }

    private static void compare(ServerUnderTest server) {
        try (server) {
            Report report = ServerConformance.run(server);
            // stricter than asExpected(), which is content with what was not run
            assertThat(report.results())
                    .allSatisfy(result ->
                            assertThat(result.outcome()).as(result.id()).isEqualTo(result.expected()));
        }
    }
}
