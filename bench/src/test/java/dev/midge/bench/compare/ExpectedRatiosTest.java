// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard against regressions. */
class ExpectedRatiosTest {
    @TempDir
    Path folder;

    private final Row midge = new Row("midge");
    private final Row jnats = new Row("jnats");
    private final List<Result> results =
            List.of(new Result(new Cell(Workload.PUBLISH, 128, 0, ""), List.of(midge, jnats)));

    ExpectedRatiosTest() {
        midge.add(Map.of("messages", 2000, "seconds", 1, "cpuSeconds", 1)); // twice the rate at half the CPU
        jnats.add(Map.of("messages", 1000, "seconds", 1, "cpuSeconds", 1));
    }

    private ExpectedRatios.Verdict check(String... entries) throws IOException {
        Path file = Files.writeString(folder.resolve("ratios.json"), "[" + String.join(",", entries) + "]");
        return ExpectedRatios.read(file).check(results);
    }

    private static String entry(int size, String to, String figure, double ratio, double tolerance) {
        return "{\"workload\":\"publish\",\"size\":" + size + ",\"contender\":\"midge\",\"to\":\"" + to
                + "\",\"figure\":\"" + figure + "\",\"ratio\":" + ratio + ",\"tolerance\":" + tolerance + "}";
    }

    @Test
    void holdsWithinTheTolerance() throws IOException {
        assertThat(check(
                                entry(128, "jnats", "rate", 2.4, 0.2),
                                entry(128, "jnats", "rate", 0.1, 0),
                                entry(128, "jnats", "cpuSecondsPerMillion", 0.42, 0.2),
                                entry(128, "jnats", "cpuSecondsPerMillion", 10, 0))
                        .well())
                .isTrue();
    }

    @Test
    void saysWhichRatioIsOut() throws IOException {
        ExpectedRatios.Verdict verdict =
                check(entry(128, "jnats", "rate", 2.6, 0.2), entry(128, "jnats", "cpuSecondsPerMillion", 0.4, 0.2));
        assertThat(verdict.well()).isFalse();
        assertThat(verdict.lines())
                .containsExactly(
                        "OUT          publish, 128 B: rate of midge beside jnats, expected 2.60 and at least 2.08: is 2.00",
                        "OUT          publish, 128 B: cpuSecondsPerMillion of midge beside jnats, expected 0.400 and at"
                                + " most 0.480: is 0.500");
    }

    @Test
    void whatWasNotMeasuredIsSaidAndNotOut() throws IOException {
        ExpectedRatios.Verdict verdict = check(
                entry(128, "jnats", "rate", 2, 0.1),
                entry(16, "jnats", "rate", 2, 0.1),
                entry(128, "nats.go", "rate", 2, 0.1));
        assertThat(verdict.well()).isTrue();
        assertThat(verdict.lines().get(1)).startsWith("not measured publish, 16 B: rate of midge beside jnats");
        assertThat(verdict.lines().get(2)).startsWith("not measured publish, 128 B: rate of midge beside nats.go");
    }

    @Test
    void isOutWhereNothingWasMeasured() throws IOException {
        assertThat(check(entry(16, "jnats", "rate", 2, 0.1)).well()).isFalse();
        assertThat(check().well()).isFalse();
    }

    @Test
    void isOutWhereAContenderFailed() throws IOException {
        jnats.failed("it died");
        ExpectedRatios.Verdict verdict = check(entry(128, "jnats", "rate", 2, 0.1));
        assertThat(verdict.well()).isFalse();
        assertThat(verdict.lines().get(0)).endsWith(": jnats failed");
    }

    @Test
    void saysWhatIsWrongWithAFile() {
        assertThatThrownBy(() -> check("{\"workload\":\"swim\"}"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("unknown workload: swim");
        assertThatThrownBy(() -> check(entry(128, "jnats", "beauty", 2, 0.1)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("unknown figure: beauty");
        assertThatThrownBy(() -> check("{\"workload\":\"publish\"}"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("there is no number \"size\"");
        assertThatThrownBy(() -> check("7"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("not an object: 7");
    }

    @Test
    void thoseThatComeWithTheProgramCanBeRead() {
        assertThat(ExpectedRatios.read(null).check(results).lines()).isNotEmpty();
    }
}
