// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.concurrent.TimeUnit;

/** A program in any language: commands on its standard input, lines on its standard output. */
final class ProcessClientSession extends ClientSession {
    private static final int PATIENCE_SECONDS = 5;

    private final Process process;
    private final Writer input;
    private final Thread reader;

    /** Starts the program, through the shell, with the URL as its last argument. */
    ProcessClientSession(String command, String url) {
        try {
            // exec: so that what is ended is the program and not the shell
            process = new ProcessBuilder("/bin/sh", "-c", "exec " + command + " \"$0\"", url)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command, e);
        }
        input = process.outputWriter(UTF_8);
        reader = new Thread(this::read, "conformance-client-output");
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    void tell(String command) {
        try {
            input.write(Text.escape(command) + "\n");
            input.flush();
        } catch (IOException e) {
            said("failed the program has ended");
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(UTF_8)) {
            String line = output.readLine();
            while (line != null) {
                said(unescaped(line));
                line = output.readLine();
            }
        } catch (IOException e) {
            // It has ended.
        }
        said("closed");
    }

    private static String unescaped(String line) {
        try {
            return Text.unescape(Text.ofUtf8(line));
        } catch (IllegalArgumentException e) {
            return line;
        }
    }

    @Override
    public void close() {
        try {
            tell("close");
            input.close();
        } catch (IOException e) {
            // It has ended already.
        }
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
