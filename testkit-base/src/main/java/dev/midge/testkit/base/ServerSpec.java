// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a server is started with, each time. */
record ServerSpec(
        NatsServerVersion version,
        String config,
        List<String> flags,
        boolean jetStream,
        boolean monitoring,
        boolean handshakeFirst) {
    ServerSpec {
        flags = List.copyOf(flags);
    }

    /** The command line; the flags for address and port win over what the configuration says. */
    List<String> command(Path binary, Path config, Path directory, Path portsDirectory, int port) {
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "--config",
                config.toString(),
                "--addr",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--ports_file_dir",
                portsDirectory.toString()));
        if (jetStream) {
            command.addAll(List.of(
                    "--jetstream", "--store_dir", directory.resolve("jetstream").toString()));
        }
        if (monitoring) {
            command.addAll(List.of("--http_port", "-1"));
        }
        command.addAll(flags);
        return command;
    }
}
