// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.testkit.base.LeakCheck;
import dev.midge.testkit.base.NatsServerVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;

/**
 * Publishes and subscribes through a cluster of three real servers, one of which is killed every few seconds, and then
 * accounts for every message: {@code bench/midge chaos [--minutes N] [--server 2.15.2|2.9.10] [--rate N] [--every SECONDS]}.
 * The exit code is 1 when something is missing in the account, or left behind.
 */
public final class Chaos {
    private Chaos() {}

    /** The entry point. */
    public static void main(String[] args) throws Throwable {
        if (args.length > 0 && args[0].equals("--jetstream")) {
            jetStream(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        Map<String, String> options = BenchServer.options("chaos", args, "--minutes", "--server", "--rate", "--every");
        double minutes = Double.parseDouble(options.getOrDefault("--minutes", "2"));
        NatsServerVersion version = version(options);
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
        String left = leftBehind(() -> report[0] = run.execute());
        if (report[0] != null) {
            report[0].print(System.out);
        }
        end(report[0] != null && report[0].violations().isEmpty(), left);
    }

    /** {@code --jetstream [--minutes N] [--server 2.15.2|2.9.10] [--rate N] [--every SECONDS]}. */
    private static void jetStream(String[] args) throws Throwable {
        Map<String, String> options =
                BenchServer.options("chaos --jetstream", args, "--minutes", "--server", "--rate", "--every");
        StreamChaosRun run = new StreamChaosRun(
                version(options),
                Duration.ofSeconds(Math.round(60 * Double.parseDouble(options.getOrDefault("--minutes", "2")))),
                Duration.ofSeconds(Long.parseLong(options.getOrDefault("--every", "5"))),
                5,
                Integer.parseInt(options.getOrDefault("--rate", "200")),
                Duration.ofSeconds(2),
                Duration.ZERO);
        System.out.println(run);
        StreamChaosReport[] report = new StreamChaosReport[1];
        String left = leftBehind(() -> report[0] = run.execute());
        if (report[0] != null) {
            report[0].print(System.out);
        }
        end(report[0] != null && report[0].violations().isEmpty(), left);
    }

    private static NatsServerVersion version(Map<String, String> options) {
        return Arrays.stream(NatsServerVersion.values())
                .filter(known -> known.number().equals(options.getOrDefault("--server", "2.15.2")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--server must be 2.15.2 or 2.9.10"));
    }

    private static String leftBehind(Executable run) throws Throwable {
        try {
            LeakCheck.verify("the run", run);
            return "nothing";
        } catch (AssertionError leaks) {
            return String.valueOf(leaks.getMessage());
        }
    }

    private static void end(boolean well, String left) {
        boolean good = well && left.equals("nothing");
        System.out.println("left behind   " + left);
        System.out.println("result        " + (good ? "OK" : "NOT OK"));
        System.exit(good ? 0 : 1);
    }
}
