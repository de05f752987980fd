// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.bench.RawClient;
import java.io.IOException;

/** What answers requests with what is in them, on a plain socket. */
final class EchoProgram {
    private EchoProgram() {}

    /** The entry point. */
    public static void main(String[] args) {
        try (RawClient socket = RawClient.connect(Job.parse(args).url())) {
            Thread unused = socket.respond(Job.ECHO_SUBJECT);
            Turns.take(System.in, System.out, "echo", words -> {
                throw new IOException("it takes no turns");
            });
            System.exit(0);
        } catch (Throwable e) {
            Turns.fail(e);
        }
    }
}
