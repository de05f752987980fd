// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a nats-server is started with. */
record NatsServerSpec(
        NatsServerVersion version,
        String config,
        List<String> flags,
        boolean jetStream,
        boolean monitoring,
        boolean handshakeFirst)
        implements ServerSpec {
    NatsServerSpec {
        flags = List.copyOf(flags);
    }

    @Override
    public ServerProgram program() {
        return version.program();
    }

    @Override
    public boolean listens() {
        return true;
    }

    @Override
    public boolean greets() {
        return !handshakeFirst;
    }

    @Override
    public @Nullable Pattern ready() {
        return null;
    }

    @Override
    public List<String> command(Path binary, Path config, Path directory, Path portsDirectory, int port) {
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
