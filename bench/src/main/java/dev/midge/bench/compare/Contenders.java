// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Those that can take part on this machine, and why others cannot. */
final class Contenders {
    private static final Set<Workload> RAW =
            EnumSet.of(Workload.PUBLISH, Workload.SUBSCRIBE, Workload.FAN_OUT, Workload.REQUEST, Workload.REQUEST_MANY);
    private static final Set<Workload> DIRECT =
            EnumSet.of(Workload.PUBLISH, Workload.SUBSCRIBE, Workload.FAN_OUT, Workload.PUBLISH_SUBSCRIBE);
    private static final Set<Workload> STREAMING = EnumSet.of(Workload.STAN_PUBLISH);
    private static final Set<Workload> CORE = EnumSet.complementOf(EnumSet.of(Workload.STAN_PUBLISH));

    private static final List<String> PROGRAMS = List.of("nats.go", "nats.c", "stan.go");

    private final List<Contender> all = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final JvmCommand jvm;

    Contenders(CompareArguments arguments) {
        jvm = new JvmCommand(arguments.gc());
        Jdk own = jvm.ownJdk();
        all.add(new Contender(
                "raw", workload -> jvm.of(own, "", jvm.ownClassPath(), RawProgram.class.getName()), in(RAW)));
        for (Path home : arguments.jdks()) {
            Jdk jdk = Jdk.at(home);
            String suffix = arguments.jdks().size() == 1 ? "" : "@" + jdk.version();
            addJvm("midge", jdk, suffix, jvm.ownClassPath(), Contenders::midge, cell -> true);
            addJvm(
                    "midge-direct",
                    jdk,
                    suffix,
                    jvm.ownClassPath(),
                    workload -> MidgeDirectClient.class.getName(),
                    in(DIRECT).and(cell -> cell.workload() != Workload.PUBLISH || cell.headers() == 0));
            addPeer("jnats", "lib-jnats", "JnatsClient", jdk, suffix, CORE);
            addPeer("java-nats-streaming", "lib-stan", "StreamingClient", jdk, suffix, STREAMING);
        }
        choose(arguments.contenders());
        Programs programs = new Programs(jvm.target());
        addProgram("nats.go", arguments, CORE, () -> programs.go("natsgo"));
        addProgram("nats.c", arguments, CORE, () -> programs.c("natsc"));
        addProgram("stan.go", arguments, STREAMING, () -> programs.go("stango"));
    }

    private interface Build {
        Path build() throws Programs.CannotBuildException;
    }

    /** Where it is asked for and can be built. */
    private void addProgram(String name, CompareArguments arguments, Set<Workload> workloads, Build build) {
        boolean wanted =
                arguments.contenders().isEmpty() || arguments.contenders().contains(name);
        if (wanted && arguments.workloads().stream().anyMatch(workloads::contains)) {
            try {
                List<String> command = List.of(build.build().toString());
                all.add(new Contender(name, workload -> command, in(workloads)));
            } catch (Programs.CannotBuildException e) {
                leftOut(name, String.valueOf(e.getMessage()));
            }
        }
    }

    private static Predicate<Cell> in(Set<Workload> workloads) {
        return cell -> workloads.contains(cell.workload());
    }

    private static String midge(Workload workload) {
        return (workload == Workload.STAN_PUBLISH ? MidgeStanClient.class : MidgeClient.class).getName();
    }

    private void addPeer(String name, String library, String program, Jdk jdk, String suffix, Set<Workload> workloads) {
        Path jars = jvm.target().resolve(library);
        if (!Files.isDirectory(jars)) {
            leftOut(name, "it was not built: mvn -Ppeers");
            return;
        }
        String classPath = jvm.target().resolve("classes") + ":" + jars + "/*";
        addJvm(name, jdk, suffix, classPath, workload -> "dev.midge.bench.peers." + program, in(workloads));
    }

    /** With the heap that the JVM chooses, and with one that is fixed and there from the beginning. */
    private void addJvm(
            String name,
            Jdk jdk,
            String suffix,
            String classPath,
            Function<Workload, String> program,
            Predicate<Cell> takesPart) {
        all.add(new Contender(
                name + suffix, workload -> jvm.of(jdk, "", classPath, program.apply(workload)), takesPart));
        all.add(new Contender(
                name + "+1g" + suffix, workload -> jvm.of(jdk, "1g", classPath, program.apply(workload)), takesPart));
    }

    private void leftOut(String name, String why) {
        String line = name + " is left out: " + why;
        if (!leftOut.contains(line)) {
            leftOut.add(line);
        }
    }

    private void choose(List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        for (String name : names) {
            if (PROGRAMS.contains(name)) {
                continue;
            }
            boolean known = all.stream().anyMatch(contender -> isCalled(contender, name))
                    || leftOut.stream().anyMatch(line -> line.startsWith(name.replaceAll("[+@].*", "") + " "));
            if (!known) {
                throw new UsageException("--contenders: unknown contender: " + name + "; there are "
                        + String.join(", ", all.stream().map(Contender::name).toList()) + ", "
                        + String.join(", ", PROGRAMS));
            }
        }
        all.removeIf(contender -> names.stream().noneMatch(name -> isCalled(contender, name)));
        leftOut.removeIf(line ->
                names.stream().noneMatch(name -> line.startsWith(name.replaceAll("[+@].*", "") + " ")));
    }

    /** With the JDK behind its name or without it, which is all JDKs. */
    private static boolean isCalled(Contender contender, String name) {
        return contender.name().equals(name) || contender.name().startsWith(name + "@");
    }

    List<Contender> all() {
        return all;
    }

    /** A line for each that is not among them, with the reason. */
    List<String> leftOut() {
        return leftOut;
    }
}
