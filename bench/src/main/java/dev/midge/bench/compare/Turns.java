// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A contender's side of the conversation with {@link Compare}: says {@code ready}, and then answers each line {@code run
 * SECONDS} with what came of it, until {@code quit} or the end of the input.
 */
final class Turns {
    /** How a program handles {@code run}. */
    interface Turn {
        /** Takes one. The words are those of the line behind {@code run}. */
        String take(String[] words) throws Exception;
    }

    private Turns() {}

    /** Takes turns; what fails ends it. */
    static void take(InputStream in, PrintStream out, String description, Turn turn) throws Exception {
        out.println("ready {\"client\":\"" + description + "\"}");
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null && !line.equals("quit"); line = lines.readLine()) {
            if (!line.startsWith("run ")) {
                throw new IOException("cannot understand the line: " + line);
            }
            out.println(turn.take(line.substring("run ".length()).split(" ", -1)));
        }
    }

    /** Ends the program as the protocol says a failure is told. */
    static void fail(Throwable failure) {
        failure.printStackTrace();
        System.out.println("error " + String.valueOf(failure).replace('\n', ' '));
        System.exit(1);
    }

    /** What is written into {@code seconds}. */
    static double seconds(String[] words) {
        return Double.parseDouble(words[0]);
    }
}
