// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The hook as modules with jqwik tests have it in their own test sources. */
class JqwikLeakCheckTest {
    @Test
    void passesAPropertyThatCleansUp() {
        assertThat(failures(Clean.class)).isEmpty();
    }

    @Test
    void failsAPropertyThatLeaks() {
        assertThat(failures(Leaking.class))
                .singleElement()
                .asString()
                .contains("Leaking:leaks")
                .contains("exception ended thread \"doomed\": java.lang.IllegalStateException: nobody caught this");
    }

    @Test
    void keepsThePropertysOwnFailure() {
        List<Throwable> failures = failures(FailingAndLeaking.class);
        assertThat(failures).singleElement().asString().contains("its own");
        assertThat(failures.get(0).getSuppressed()).singleElement().asString().contains("nobody caught this");
    }

    private static List<Throwable> failures(Class<?> properties) {
        return EngineTestKit.engine("jqwik").selectors(selectClass(properties)).execute().testEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .map(result -> result.getThrowable().orElseThrow())
                .toList();
    }

    private static void leak() throws InterruptedException {
        Thread doomed = new Thread(
                () -> {
                    throw new IllegalStateException("nobody caught this");
                },
                "doomed");
        doomed.start();
        doomed.join();
    }

    static class Clean {
        @Property(tries = 10)
        boolean cleansUp(@ForAll byte value) {
            return PooledByteBufAllocator.DEFAULT.buffer().writeByte(value).release();
        }
    }

    static class Leaking {
        @Property(tries = 1)
        void leaks(@ForAll byte value) throws InterruptedException {
            leak();
        }
    }

    static class FailingAndLeaking {
        @Property(tries = 1)
        void fails(@ForAll byte value) throws InterruptedException {
            leak();
            throw new AssertionError("its own");
        }
    }
}
