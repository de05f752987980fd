// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.NatsServer;
import io.avaje.json.mapper.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bench/midge compare} with turns that are too short to tell anything, against a real server. */
class CompareIT {
    private static final List<String> SHORT = List.of("--seconds", "0.1", "--warm-up", "0.1", "--rounds", "1");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int compare(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(SHORT);
        all.addAll(Arrays.asList(arguments));
        return Compare.run(
                all.toArray(new String[0]), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }

    private List<?> rows(String json) throws IOException {
        Map<String, Object> report = JsonMapper.builder().build().fromJsonObject(Files.readString(Path.of(json)));
        assertThat((List<?>) JsonTree.at(report, "cells")).hasSize(1);
        return (List<?>) JsonTree.at(report, "cells", 0, "rows");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    publish           | raw,midge
                    subscribe         | raw,midge,midge-direct
                    publish-subscribe | midge
                    request           | raw,midge
                    request-many      | raw,midge
                    fan-out           | raw,midge-direct
                    js-publish        | midge
                    js-consume        | midge
                    """)
    void contendersTakeTurns(String workload, String contenders) throws Exception {
        String json = folder.resolve("report.json").toString();
        try (NatsServer server =
                NatsServer.builder().config(Servers.CONFIG).jetStream().start()) {
            int status = compare(
                    "--url",
                    server.url(),
                    "--workloads",
                    workload,
                    "--contenders",
                    contenders,
                    "--sizes",
                    "128",
                    "--headers",
                    "3",
                    "--storage",
                    "memory",
                    "--json",
                    json);
            assertThat(out.toString(UTF_8)).doesNotContain("failed:");
            assertThat(status).isZero();
        }
        List<?> rows = rows(json);
        // direct() publishes without headers, which is not among these
        assertThat(rows).hasSize(contenders.split(",").length);
        for (Object row : rows) {
            for (String figure : List.of("rate", "peakRssMegabytes", "threads")) {
                assertThat(JsonTree.number(row, "figures", figure, "median"))
                        .as(figure)
                        .isPositive();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"idle", "connections"})
    void idleConnectionsHaveAFootprint(String workload) throws Exception {
        String json = folder.resolve("report.json").toString();
        try (NatsServer server = NatsServer.start()) {
            assertThat(compare("--url", server.url(), "--workloads", workload, "--contenders", "midge", "--json", json))
                    .isZero();
        }
        assertThat(((Map<?, ?>) JsonTree.at(rows(json), 0, "figures")).keySet())
                .map(Object::toString)
                .containsExactly("cpuMillisPerSecond", "peakRssMegabytes", "threads");
    }

    @Test
    void aSinkTakesTheServersPlace() throws Exception {
        String svg = folder.resolve("chart.svg").toString();
        int status = compare(
                "--sink",
                "--workloads",
                "subscribe,js-publish",
                "--contenders",
                "raw,midge",
                "--sizes",
                "16",
                "--svg",
                svg);
        assertThat(out.toString(UTF_8))
                .doesNotContain("failed:")
                .contains("subscribe, 16 B")
                .doesNotContain("js-publish");
        assertThat(status).isZero();
        assertThat(Path.of(svg)).content().startsWith("<svg ");
    }

    @Test
    void aRatioThatIsOutEndsItWith1() throws Exception {
        Path expected = Files.writeString(
                folder.resolve("ratios.json"),
                "[{\"workload\":\"publish\",\"size\":16,\"contender\":\"midge\",\"to\":\"raw\",\"figure\":\"rate\","
                        + "\"ratio\":1e9,\"tolerance\":0.1}]");
        int status = compare(
                "--sink",
                "--workloads",
                "publish",
                "--contenders",
                "raw,midge",
                "--sizes",
                "16",
                "--check",
                expected.toString());
        assertThat(status).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("OUT          publish, 16 B: rate of midge beside raw, expected 1000");
    }

    @Test
    void aContenderThatFailsIsOutAndTheOthersGoOn() throws Exception {
        CompareArguments arguments = CompareArguments.parse(SHORT.toArray(new String[0]));
        Contender raw = new Contenders(CompareArguments.parse("--contenders", "raw"))
                .all()
                .get(0);
        Cell cell = new Cell(Workload.SUBSCRIBE, 16, 0, "");
        Result result;
        try (Servers servers = new Servers(arguments);
                Surroundings surroundings = new Surroundings(cell, servers, new JvmCommand(null), true);
                CellRun run = new CellRun(cell, arguments, surroundings)) {
            result = run.run(List.of(
                    shell("never-starts", "exit 7"),
                    shell("dies", "echo 'ready {}'; read line; exit 3"),
                    shell(
                            "loses",
                            "echo 'ready {}'; read line; echo '{\"messages\":1,\"seconds\":1,\"cpuSeconds\":0}'; read line"),
                    raw));
        }
        assertThat(result.row("never-starts").orElseThrow().error()).isEqualTo("ended with 7");
        assertThat(result.row("dies").orElseThrow().error()).isEqualTo("ended with 3");
        assertThat(result.row("loses").orElseThrow().error()).isEqualTo("lost -1: received 1 of 0 messages");
        assertThat(result.row("raw").orElseThrow().error()).isNull();
        assertThat(result.row("raw").orElseThrow().figures()).containsKey(Figure.RATE);
    }

    private static Contender shell(String name, String script) {
        return new Contender(name, workload -> List.of("sh", "-c", script), cell -> true);
    }
}
