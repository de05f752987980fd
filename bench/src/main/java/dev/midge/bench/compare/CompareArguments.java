// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ListIterator;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the command line of {@link Compare} asks for. */
final class CompareArguments {
    private static final Set<String> COLLECTORS = Set.of("G1", "Parallel", "Serial", "Z", "Shenandoah");
    private static final int MAX_SIZE = 1 << 20;
    private static final int MAX_HEADERS = 100;
    private static final int MAX_ROUNDS = 1000;
    private static final double MAX_SECONDS = 600;

    private static final String USAGE = """
            --workloads W,...    of publish, subscribe, publish-subscribe, request, request-many, fan-out, connections, idle,
                                 js-publish, js-consume, stan-publish; default: all
            --sizes N,...        bytes of payload; default 16,128,1024,16384
            --headers N,...      how many in each message; default 0
            --storage S,...      of streams: memory, file; default both
            --contenders C,...   of raw, midge, midge-direct, jnats, java-nats-streaming, nats.go, nats.c, stan.go, and those of the
                                 JVM with "+1g", which have a fixed heap that is touched beforehand; default: all
            --seconds N          of a turn; default 2
            --rounds N           how many turns each has; default 3
            --warm-up N          seconds of the first turn, which is not counted; default 15
            --url URL            of a server that runs, instead of one that is started
            --server PATH        of the program to be started as the server
            --sink               no server, but a process that discards, produces or answers
            --quick              a part of it that takes less than three minutes; options beside it change that
            --check [FILE]       hold the ratios against those that are expected, and end with 1 when one is worse than it may be
            --json FILE          write the figures as JSON as well
            --svg FILE           write a chart of CPU seconds per million messages as well
            --gc G               of contenders in the JVM: G1, Parallel, Serial, Z, Shenandoah
            --jdk HOME,...       of contenders in the JVM; with several of them their names end with "@" and the version
            """;

    private List<Workload> workloads = List.of(Workload.values());
    private List<Integer> sizes = List.of(16, 128, 1024, 16384);
    private List<Integer> headers = List.of(0);
    private List<String> storages = List.of("memory", "file");
    private List<String> contenders = List.of();
    private List<Path> jdks = List.of(Path.of(System.getProperty("java.home")));
    private @Nullable String url;
    private @Nullable Path server;
    private @Nullable String gc;
    private double seconds = 2;
    private double warmUp = 15;
    private int rounds = 3;
    private boolean sink;
    private boolean check;
    private @Nullable Path expectedRatios;
    private @Nullable Path json;
    private @Nullable Path svg;

    /** @throws UsageException when it makes no sense */
    static CompareArguments parse(String... args) {
        CompareArguments parsed = new CompareArguments();
        if (Arrays.asList(args).contains("--quick")) {
            parsed.quick();
        }
        ListIterator<String> left = Arrays.asList(args).listIterator();
        while (left.hasNext()) {
            parsed.take(left.next(), left);
        }
        parsed.checkServer();
        return parsed;
    }

    /** What takes less than three minutes; further arguments may still change it. */
    private void quick() {
        workloads = List.of(
                Workload.PUBLISH,
                Workload.SUBSCRIBE,
                Workload.REQUEST,
                Workload.REQUEST_MANY,
                Workload.JS_PUBLISH,
                Workload.JS_CONSUME);
        sizes = List.of(128);
        storages = List.of("memory");
        contenders = List.of("raw", "midge", "midge-direct", "jnats");
        seconds = 1;
        warmUp = 3;
    }

    private void take(String flag, ListIterator<String> left) {
        switch (flag) {
            case "--workloads" -> workloads = list(flag, left, Workload::named);
            case "--sizes" -> sizes = list(flag, left, text -> number(flag, text, 1, MAX_SIZE));
            case "--headers" -> headers = list(flag, left, text -> number(flag, text, 0, MAX_HEADERS));
            case "--storage" -> storages = list(flag, left, text -> oneOf(flag, text, Set.of("memory", "file")));
            case "--contenders" -> contenders = list(flag, left, text -> text);
            case "--jdk" -> jdks = list(flag, left, text -> jdk(Path.of(text)));
            case "--url" -> url = value(flag, left);
            case "--server" -> server = executable(flag, Path.of(value(flag, left)));
            case "--gc" -> gc = oneOf(flag, value(flag, left), COLLECTORS);
            case "--seconds" -> seconds = seconds(flag, value(flag, left));
            case "--warm-up" -> warmUp = seconds(flag, value(flag, left));
            case "--rounds" -> rounds = number(flag, value(flag, left), 1, MAX_ROUNDS);
            case "--help" -> throw new UsageException("\n" + USAGE);
            case "--sink" -> sink = true;
            case "--quick" -> {}
            case "--check" -> {
                check = true;
                expectedRatios = fileIfAny(left);
            }
            case "--json" -> json = Path.of(value(flag, left));
            case "--svg" -> svg = Path.of(value(flag, left));
            default -> throw new UsageException("unknown argument: " + flag);
        }
    }

    private void checkServer() {
        if ((url == null ? 0 : 1) + (server == null ? 0 : 1) + (sink ? 1 : 0) > 1) {
            throw new UsageException("--url, --server and --sink exclude each other");
        }
    }

    private static String value(String flag, ListIterator<String> left) {
        if (!left.hasNext()) {
            throw new UsageException(flag + " needs a value");
        }
        return left.next();
    }

    private static <T> List<T> list(String flag, ListIterator<String> left, Function<String, T> element) {
        try {
            return Arrays.stream(value(flag, left).split(",", -1))
                    .map(element)
                    .distinct()
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new UsageException(flag + ": " + e.getMessage());
        }
    }

    private static int number(String flag, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException(flag + " is " + text + ", but has to be a number from " + least + " to " + most);
    }

    private static double seconds(String flag, String text) {
        try {
            double number = Double.parseDouble(text);
            if (number > 0 && number <= MAX_SECONDS) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException(flag + " is " + text + ", but has to be more than 0 and at most "
                + String.format(Locale.ROOT, "%.0f", MAX_SECONDS));
    }

    private static String oneOf(String flag, String text, Set<String> allowed) {
        if (!allowed.contains(text)) {
            throw new UsageException(flag + " is " + text + ", but has to be one of "
                    + String.join(", ", allowed.stream().sorted().toList()));
        }
        return text;
    }

    private static Path jdk(Path home) {
        executable("--jdk", home.resolve("bin/java"));
        return home;
    }

    /** The next argument, unless that is another option. */
    private static @Nullable Path fileIfAny(ListIterator<String> left) {
        if (!left.hasNext()) {
            return null;
        }
        String next = left.next();
        if (next.startsWith("--")) {
            left.previous();
            return null;
        }
        if (!Path.of(next).toFile().canRead()) {
            throw new UsageException("--check: there is no file " + next);
        }
        return Path.of(next);
    }

    private static Path executable(String flag, Path path) {
        if (!path.toFile().canExecute()) {
            throw new UsageException(flag + ": there is no program " + path);
        }
        return path;
    }

    List<Workload> workloads() {
        return workloads;
    }

    List<Integer> sizes() {
        return sizes;
    }

    List<Integer> headers() {
        return headers;
    }

    List<String> storages() {
        return storages;
    }

    /** Those that were named; all when empty. */
    List<String> contenders() {
        return contenders;
    }

    /** The homes of the JDKs that contenders run on. */
    List<Path> jdks() {
        return jdks;
    }

    @Nullable
    String url() {
        return url;
    }

    /** The program of the server. */
    @Nullable
    Path server() {
        return server;
    }

    /** Of contenders in the JVM, as in {@code -XX:+UseG1GC}. */
    @Nullable
    String gc() {
        return gc;
    }

    double seconds() {
        return seconds;
    }

    double warmUp() {
        return warmUp;
    }

    int rounds() {
        return rounds;
    }

    boolean sink() {
        return sink;
    }

    /** Whether ratios are to be held against what is expected. */
    boolean check() {
        return check;
    }

    /** What is expected; null for what comes with the program. */
    @Nullable
    Path expectedRatios() {
        return expectedRatios;
    }

    @Nullable
    Path json() {
        return json;
    }

    @Nullable
    Path svg() {
        return svg;
    }
}
