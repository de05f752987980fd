// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.TestAbortedException;

@SuppressWarnings("DoNotCallSuggester") // classes that are skipped do nothing but that
class SkippedServerTestsTest {
    @Test
    void countsWhatWasSkippedForLackOfAServer() {
        assertThat(linesAfter(OneTest.class, WholeClass.class, SkippedOtherwise.class))
                .isEqualTo("Skipped 3 tests: no server\n");
    }

    @Test
    void saysNothingWhenAllHaveRun() {
        assertThat(linesAfter(SkippedOtherwise.class)).isEmpty();
    }

    private static String linesAfter(Class<?>... tests) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (Class<?> type : tests) {
            request.selectors(selectClass(type));
        }
        LauncherFactory.create(LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .enableLauncherSessionListenerAutoRegistration(false)
                        .build())
                .execute(
                        request.build(),
                        new SkippedServerTests(new PrintStream(printed, true, StandardCharsets.UTF_8)));
        return printed.toString(StandardCharsets.UTF_8);
    }

    static class OneTest {
        @Test
        void skipped() {
            throw new ServerBinaries.Aborted("no server");
        }

        @Test
        void run() {}
    }

    static class WholeClass {
        @BeforeAll
        static void skipped() {
            throw new ServerBinaries.Aborted("no server");
        }

        @Test
        void one() {}

        @Test
        void two() {}
    }

    static class SkippedOtherwise {
        @Test
        void skipped() {
            throw new TestAbortedException("something else");
        }
    }
}
