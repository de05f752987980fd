// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Finds the binary of a version: named by the environment, in the cache folder, on the path, or built by {@code go
 * install} into the cache folder. No container: it could not do what the tests do to a server (signals, a kill, the
 * same port again, files that change), and the library for it is larger than all that Midge needs.
 */
final class NatsServerBinary {
    /** Environment variable: the folder that is used instead of {@code ~/.cache/midge}. */
    static final String CACHE = "MIDGE_CACHE";

    /** Where system packages put daemons; not on every user's path. */
    private static final List<Path> SYSTEM =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/local/bin"), Path.of("/usr/local/sbin"));

    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(10);

    /** Downloads and compiles some hundred packages when nothing of it is there. */
    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(8);

    private final Map<String, String> environment;
    private final List<Path> folders;

    NatsServerBinary(Map<String, String> environment) {
        this(environment, SYSTEM);
    }

    NatsServerBinary(Map<String, String> environment, List<Path> folders) {
        this.environment = environment;
        this.folders = folders;
    }

    /**
     * Blocks while it asks binaries for their version, and for minutes where one has to be built.
     *
     * @throws MissingServerException when there is none; one sentence names all that was tried
     */
    Path find(ServerProgram program) throws MissingServerException {
        List<String> tried = new ArrayList<>();
        Path found = present(program, tried);
        if (found == null) {
            found = installed(program, tried);
        }
        if (found == null) {
            throw new MissingServerException(program + " was not found: " + String.join(", ", tried) + "; set "
                    + program.variable() + " to the path of a binary of this version (several are separated by '"
                    + File.pathSeparator + "')");
        }
        return found;
    }

    /** Whether there is one that need not be built. Blocks while it asks binaries for their version. */
    boolean isPresent(ServerProgram program) {
        return present(program, new ArrayList<>()) != null;
    }

    private @Nullable Path present(ServerProgram program, List<String> tried) {
        Path found = named(program, tried);
        if (found == null) {
            found = cached(program, tried);
        }
        return found == null ? onPath(program, tried) : found;
    }

    private @Nullable Path named(ServerProgram program, List<String> tried) {
        String paths = environment.getOrDefault(program.variable(), "");
        List<String> seen = new ArrayList<>();
        for (String path : paths.split(File.pathSeparator, -1)) {
            if (!path.isBlank()) {
                String answer = ask(program, Path.of(path));
                if (answer.equals(program.number())) {
                    return Path.of(path);
                }
                seen.add(path + " is " + answer);
            }
        }
        tried.add(
                seen.isEmpty()
                        ? program.variable() + " is not set"
                        : "of " + program.variable() + " " + String.join(" and ", seen));
        return null;
    }

    private @Nullable Path cached(ServerProgram program, List<String> tried) {
        Path binary = cacheFolder(program).resolve(program.name());
        if (Files.isExecutable(binary) && ask(program, binary).equals(program.number())) {
            return binary;
        }
        tried.add("the cache has no " + binary);
        return null;
    }

    private @Nullable Path onPath(ServerProgram program, List<String> tried) {
        List<String> seen = new ArrayList<>();
        Set<Path> places = new LinkedHashSet<>(path());
        places.addAll(folders);
        for (Path place : places) {
            Path binary = place.resolve(program.name());
            if (Files.isExecutable(binary)) {
                String answer = ask(program, binary);
                if (answer.equals(program.number())) {
                    return binary;
                }
                seen.add(binary + " is " + answer);
            }
        }
        tried.add("PATH and the system's folders have "
                + (seen.isEmpty() ? "none" : "only others (" + String.join(", ", seen) + ")"));
        return null;
    }

    private List<Path> path() {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .toList();
    }

    /** Several test JVMs may look at the same time, so one installs and the others wait for it. */
    private @Nullable Path installed(ServerProgram program, List<String> tried) {
        try {
            return install(program);
        } catch (IOException e) {
            tried.add("\"go install " + program.module() + "\" failed with " + e.getMessage());
            return null;
        }
    }

    private Path install(ServerProgram program) throws IOException {
        Path go = path().stream()
                .map(folder -> folder.resolve("go"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("no go on PATH"));
        Path folder = Files.createDirectories(cacheFolder(program));
        Path binary = folder.resolve(program.name());
        try (FileChannel channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid() || !ask(program, binary).equals(program.number())) {
                Path building = folder.resolve("building");
                Command.Result result = Command.run(
                        List.of(go.toString(), "install", program.module()),
                        Map.of("GOBIN", building.toString(), "PATH", environment.getOrDefault("PATH", "")),
                        INSTALL_TIMEOUT);
                if (result.exitCode() != 0) {
                    throw new IOException(lastLine(result.output()));
                }
                Files.move(building.resolve(program.name()), binary, StandardCopyOption.REPLACE_EXISTING);
            }
            return binary;
        }
    }

    private static String lastLine(String text) {
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    private Path cacheFolder(ServerProgram program) {
        String cache = environment.get(CACHE);
        Path folder = cache == null || cache.isBlank()
                ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".cache", "midge")
                : Path.of(cache);
        return folder.resolve(program.name()).resolve(program.number());
    }

    /** The version a binary says it is, or why it says none. */
    private static String ask(ServerProgram program, Path binary) {
        if (!Files.isExecutable(binary)) {
            return "no program";
        }
        try {
            String output = Command.run(List.of(binary.toString(), "--version"), Map.of(), ASK_TIMEOUT)
                    .output();
            Matcher matcher = program.says().matcher(output);
            return matcher.find() ? matcher.group(1) : "no " + program.name();
        } catch (IOException e) {
            return "not to be run (" + e.getMessage() + ")";
        }
    }
}
