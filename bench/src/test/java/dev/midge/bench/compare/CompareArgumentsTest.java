// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code bench/midge compare} makes of its command line. */
class CompareArgumentsTest {
    @Test
    void takesAllWhereNothingIsSaid() {
        CompareArguments arguments = CompareArguments.parse();
        assertThat(arguments.workloads()).containsExactly(Workload.values());
        assertThat(arguments.sizes()).containsExactly(16, 128, 1024, 16384);
        assertThat(arguments.headers()).containsExactly(0);
        assertThat(arguments.contenders()).isEmpty();
        assertThat(arguments.jdks()).containsExactly(Path.of(System.getProperty("java.home")));
        assertThat(arguments.check()).isFalse();
    }

    @Test
    void takesWhatIsSaid() {
        CompareArguments arguments = CompareArguments.parse(
                "--workloads",
                "publish,js-consume",
                "--sizes",
                "16,128,16",
                "--headers",
                "0,3",
                "--storage",
                "file",
                "--contenders",
                "raw,midge+1g",
                "--seconds",
                "0.5",
                "--rounds",
                "7",
                "--warm-up",
                "1",
                "--gc",
                "Z",
                "--url",
                "nats://localhost:4222",
                "--json",
                "a.json",
                "--svg",
                "b.svg");
        assertThat(arguments.workloads()).containsExactly(Workload.PUBLISH, Workload.JS_CONSUME);
        assertThat(arguments.sizes()).containsExactly(16, 128);
        assertThat(arguments.headers()).containsExactly(0, 3);
        assertThat(arguments.storages()).containsExactly("file");
        assertThat(arguments.contenders()).containsExactly("raw", "midge+1g");
        assertThat(arguments.seconds()).isEqualTo(0.5);
        assertThat(arguments.rounds()).isEqualTo(7);
        assertThat(arguments.warmUp()).isEqualTo(1);
        assertThat(arguments.gc()).isEqualTo("Z");
        assertThat(arguments.url()).isEqualTo("nats://localhost:4222");
        assertThat(arguments.json()).isEqualTo(Path.of("a.json"));
        assertThat(arguments.svg()).isEqualTo(Path.of("b.svg"));
    }

    @Test
    void quickIsASubsetThatOtherOptionsChange() {
        CompareArguments arguments = CompareArguments.parse("--sizes", "16", "--quick", "--check");
        assertThat(arguments.workloads()).contains(Workload.PUBLISH).doesNotContain(Workload.IDLE);
        assertThat(arguments.sizes()).containsExactly(16);
        assertThat(arguments.contenders()).contains("midge", "jnats").doesNotContain("midge+1g");
        assertThat(arguments.check()).isTrue();
        assertThat(arguments.expectedRatios()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --speed 3                     | unknown argument: --speed
                    --sizes                       | --sizes needs a value
                    --sizes 0                     | --sizes is 0, but has to be a number from 1 to 1048576
                    --sizes 16,x                  | --sizes is x, but has to be a number from 1 to 1048576
                    --headers -1                  | --headers is -1, but has to be a number from 0 to 100
                    --rounds 0                    | --rounds is 0, but has to be a number from 1 to 1000
                    --seconds 0                   | --seconds is 0, but has to be more than 0 and at most 600
                    --warm-up soon                | --warm-up is soon, but has to be more than 0 and at most 600
                    --workloads publish,swim      | --workloads: unknown workload: swim; there are publish, subscribe,
                    --storage tape                | --storage is tape, but has to be one of file, memory
                    --gc Quick                    | --gc is Quick, but has to be one of G1, Parallel, Serial, Shenandoah, Z
                    --jdk /nowhere                | --jdk: there is no program /nowhere/bin/java
                    --server /nowhere             | --server: there is no program /nowhere
                    --check /nowhere              | --check: there is no file /nowhere
                    --sink --url nats://localhost | --url, --server and --sink exclude each other
                    --contenders raw,tortoise     | --contenders: unknown contender: tortoise; there are raw, midge, midge+1g,
                    """)
    void saysWhatIsWrong(String line, String text) throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Compare.run(
                line.strip().split(" "),
                new PrintStream(new ByteArrayOutputStream()),
                new PrintStream(err, true, UTF_8));
        assertThat(status).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("bench/midge compare: " + text);
    }

    @Test
    void aJobIsReadAndSaysWhatIsWrong() {
        Job job = Job.parse("--workload", "publish", "--url", "nats://localhost", "--size", "5", "--headers", "1");
        assertThat(job.payload()).asString(UTF_8).isEqualTo("xxxxx");
        assertThat(job.headerNames()).isEqualTo(List.of("Bench-Header-1"));
        assertThat(new String(job.frame("PUB s"), UTF_8))
                .isEqualTo("HPUB s 37 42\r\nNATS/1.0\r\nBench-Header-1: value-1\r\n\r\nxxxxx\r\n");
        assertThat(new String(job.end().frame("MSG s 7"), UTF_8)).isEqualTo("MSG s 7 0\r\n\r\n");
        assertThatThrownBy(() -> Job.parse("--url", "nats://localhost")).hasMessage("--workload is missing");
        assertThatThrownBy(() -> Job.parse("--workload", "idle", "--url", "x", "--size", "many"))
                .hasMessage("--size is many, but has to be a number");
        assertThatThrownBy(() -> Job.parse("--colour", "red")).hasMessageContaining("--colour");
    }
}
