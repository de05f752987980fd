// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Says at the end of a run how many tests were skipped for lack of a server, on one line for each missing version, so
 * that it is never silent. Found by the JUnit Platform through {@code META-INF/services}; nobody else calls it.
 */
@SuppressWarnings("exports") // whoever calls it has the launcher; whoever uses the testkit need not read it
public final class SkippedServerTests implements TestExecutionListener {
    private final Map<String, Long> skipped = new TreeMap<>();
    private @Nullable TestPlan plan;

    private final PrintStream out;

    /** For the service loader. */
    public SkippedServerTests() {
        this(System.out);
    }

    SkippedServerTests(PrintStream out) {
        this.out = out;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        skipped.clear();
        plan = started;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        result.getThrowable()
                .filter(ServerBinaries.Aborted.class::isInstance)
                .ifPresent(aborted -> skipped.merge(String.valueOf(aborted.getMessage()), tests(test), Long::sum));
    }

    /** A class that is skipped as a whole counts as many as it holds. */
    private long tests(TestIdentifier test) {
        TestPlan all = plan;
        return test.isTest() || all == null
                ? 1
                : Math.max(
                        1,
                        all.getDescendants(test).stream()
                                .filter(TestIdentifier::isTest)
                                .count());
    }

    @Override
    public void testPlanExecutionFinished(TestPlan finished) {
        skipped.forEach((why, count) -> out.println("Skipped " + count + (count == 1 ? " test: " : " tests: ") + why));
    }
}
