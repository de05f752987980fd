// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import io.avaje.json.mapper.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program that takes turns, seen from {@link Compare}. */
final class ContenderProcess implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Instead of a line, when there are no more. */
    private static final String ENDED = "";

    private static final double PATIENCE_SECONDS = 30;
    private static final int GRACE_SECONDS = 5;
    private static final int SHOWN_OF_LOG = 400;

    private final Process process;
    private final Path log;
    private final PrintStream input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread reader;
    private final Map<String, Object> description;

    /** Starts it, and waits until it is ready. */
    ContenderProcess(List<String> command) throws IOException, InterruptedException {
        log = Files.createTempFile("midge-compare", ".log");
        process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        reader = new Thread(this::read, "compare-reader");
        reader.setDaemon(true);
        reader.start();
        boolean well = false;
        try {
            String line = line(PATIENCE_SECONDS);
            if (!line.startsWith("ready ")) {
                throw failure("said \"" + line + "\" instead of \"ready\"");
            }
            description = json(line.substring("ready ".length()));
            well = true;
        } finally {
            if (!well) {
                close();
            }
        }
    }

    private void read() {
        try (BufferedReader from =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // it has ended
        }
        lines.add(ENDED);
    }

    /** What it said when it was ready. */
    Map<String, Object> description() {
        return description;
    }

    /** Tells it that it is its turn; {@link #outcome} is what it answers. */
    void run(double seconds, String... more) {
        input.println("run " + seconds + (more.length == 0 ? "" : " " + String.join(" ", more)));
    }

    /** Waits for what came of its turn. */
    Map<String, Object> outcome(double seconds) throws IOException, InterruptedException {
        return json(line(seconds + PATIENCE_SECONDS));
    }

    private String line(double seconds) throws IOException, InterruptedException {
        String line = lines.poll((long) (seconds * 1000), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw failure("said nothing for " + seconds + " s");
        }
        if (line.startsWith("error ")) {
            throw failure(line.substring("error ".length()));
        }
        if (line.equals(ENDED)) {
            boolean ended = process.waitFor((long) PATIENCE_SECONDS, TimeUnit.SECONDS);
            throw failure(ended ? "ended with " + process.exitValue() : "said no more");
        }
        return line;
    }

    private Map<String, Object> json(String line) throws IOException {
        try {
            return JSON.fromJsonObject(line);
        } catch (RuntimeException e) {
            throw failure("said what is no JSON: " + line);
        }
    }

    private IOException failure(String text) throws IOException {
        String said = Files.readString(log).strip();
        return new IOException(
                said.isEmpty() ? text : text + "; " + said.substring(0, Math.min(said.length(), SHOWN_OF_LOG)));
    }

    /** A figure of the system's, in its unit: {@code VmHWM} in kB, {@code Threads}. */
    long status(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new IOException("no " + name + " in the status of a process"));
    }

    /** Has it end, and sees to it that it does. */
    @Override
    public void close() throws IOException {
        try {
            input.println("quit");
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
            input.close();
            Files.deleteIfExists(log);
        }
    }
}
