// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R-F11: servers as parameters. */
class EmbeddedServerExtensionTest {
    @Nested
    @EmbeddedServerTest
    class OneForEachTest {
        private static final Set<EmbeddedServer> SEEN = new HashSet<>();

        private EmbeddedServer mine;

        @BeforeEach
        void take(EmbeddedServer server) {
            mine = server;
            assertThat(server.isRunning()).isTrue();
            assertThat(SEEN).allMatch(other -> !other.isRunning());
            assertThat(SEEN.add(server)).isTrue();
        }

        @RepeatedTest(3)
        void isTheSameWithinATest(EmbeddedServer server) {
            assertThat(server).isSameAs(mine);
            WireClient.connect(server.port()).close();
        }
    }

    @Nested
    @EmbeddedServerTest
    class OneForAllTests {
        private static EmbeddedServer ofAll;

        @BeforeAll
        static void take(EmbeddedServer server) {
            ofAll = server;
        }

        @RepeatedTest(2)
        void isTheSame(EmbeddedServer server) {
            assertThat(server).isSameAs(ofAll);
            assertThat(server.isRunning()).isTrue();
        }

        @AfterAll
        static void isStillThere(EmbeddedServer server) {
            assertThat(server).isSameAs(ofAll);
            assertThat(server.isRunning()).isTrue();
        }
    }

    @Nested
    class WithSettings {
        @RegisterExtension
        static final EmbeddedServerExtension SERVERS =
                EmbeddedServerExtension.with(server -> server.token("t").authTimeout(Duration.ofSeconds(30)));

        @Test
        void hasThem(EmbeddedServer server) {
            try (WireClient client = WireClient.connect(server.port(), ",\"auth_token\":\"t\"")) {
                client.stays();
            }
            try (WireClient client = WireClient.connect(server.port(), "")) {
                client.hears("-ERR 'Authorization Violation'\r\n").ends();
            }
        }
    }
}
