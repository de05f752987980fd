// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The annotation as users put it on a class. */
class NatsServerTestIT {
    private static final Set<NatsServerVersion> SEEN = EnumSet.noneOf(NatsServerVersion.class);

    @Test
    void runsAgainstEachVersion() {
        SEEN.clear();
        run(OnBoth.class, 4);
        assertThat(SEEN).containsExactly(NatsServerVersion.values());
    }

    @Test
    void startsOneForTheClassWhereItIsConfigured() {
        SEEN.clear();
        run(Configured.class, 3);
        assertThat(SEEN).containsExactly(NatsServerVersion.V2_9_10);
    }

    private static void run(Class<?> tests, long expected) {
        EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectClass(tests))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .execute()
                .testEvents()
                .assertStatistics(
                        statistics -> statistics.succeeded(expected).failed(0).aborted(0));
    }

    @NatsServerTest
    static class OnBoth {
        private final NatsServerVersion version;

        OnBoth(NatsServerVersion version) {
            this.version = version;
        }

        @Test
        void answers(NatsServer server) throws Exception {
            assertThat(server).isSameAs(NatsServer.shared(version));
            try (RawClient client = new RawClient(server.port())) {
                assertThat(client.info()).contains("\"version\":\"" + version.number() + "\"");
            }
            SEEN.add(version);
        }

        @Nested
        class Within {
            @Test
            void hasTheSame(NatsServer server) {
                assertThat(server).isSameAs(NatsServer.shared(version));
            }
        }
    }

    @NatsServerTest(versions = NatsServerVersion.V2_9_10, config = "max_payload: 777", flags = "-D")
    static class Configured {
        private final NatsServer ofClass;

        Configured(NatsServer server) {
            ofClass = server;
        }

        @Test
        void isConfigured(NatsServer server) throws Exception {
            assertThat(server).isSameAs(ofClass);
            try (RawClient client = new RawClient(server.port())) {
                assertThat(client.info()).contains("\"max_payload\":777");
            }
            SEEN.add(server.version());
        }

        @Test
        void mayBeStopped(NatsServer server) {
            server.restart();
        }

        @Nested
        class Within {
            @Test
            void hasTheSame(NatsServer server) {
                assertThat(server).isSameAs(ofClass);
            }
        }
    }
}
