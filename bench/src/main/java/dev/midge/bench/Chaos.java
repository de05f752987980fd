// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.testkit.base.LeakCheck;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * Publishes and subscribes through a cluster of three real servers, one of which is killed every few seconds, and then
 * accounts for every message: {@code bench/midge chaos [--minutes N] [--server 2.15.2|2.9.10] [--rate N] [--every SECONDS]}.
 * The exit code is 1 when something is missing in the account, or left behind.
 */
public final class Chaos {
    private Chaos() {}

    /** The entry point. */
    public static void main(String[] args) throws Throwable {
        Map<String, String> options = BenchServer.options("chaos", args, "--minutes", "--server", "--rate", "--every");
        double minutes = Double.parseDouble(options.getOrDefault("--minutes", "2"));
        NatsServerVersion version = Arrays.stream(NatsServerVersion.values())
                .filter(known -> known.number().equals(options.getOrDefault("--server", "2.15.2")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--server must be 2.15.2 or 2.9.10"));
        ChaosRun run = new ChaosRun(
                version,
                Duration.ofSeconds(Math.round(60 * minutes)),
                Duration.ofSeconds(Long.parseLong(options.getOrDefault("--every", "3"))),
                20,
                20,
                Integer.parseInt(options.getOrDefault("--rate", "20000")),
                Duration.ofSeconds(1));
        System.out.println(run + ", heap of at most " + (Runtime.getRuntime().maxMemory() >> 20) + " MB");
        ChaosReport[] report = new ChaosReport[1];
        String left = "nothing";
        try {
            LeakCheck.verify("the run", () -> report[0] = run.execute());
        } catch (AssertionError leaks) {
            left = String.valueOf(leaks.getMessage());
        }
        if (report[0] != null) {
            report[0].print(System.out);
        }
        boolean well = report[0] != null && report[0].violations().isEmpty() && left.equals("nothing");
        System.out.println("left behind   " + left);
        System.out.println("result        " + (well ? "OK" : "NOT OK"));
        System.exit(well ? 0 : 1);
    }
}
