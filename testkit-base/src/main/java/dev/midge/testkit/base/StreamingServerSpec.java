// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a nats-streaming-server is started with.
 *
 * @param natsUrl the NATS server that it is a client of, or null for one of its own
 */
record StreamingServerSpec(
        String clusterId,
        boolean fileStore,
        String config,
        List<String> flags,
        @Nullable String natsUrl) implements ServerSpec {
    private static final Pattern READY = Pattern.compile("Streaming Server is ready");

    StreamingServerSpec {
        flags = List.copyOf(flags);
    }

    @Override
    public ServerProgram program() {
        return ServerProgram.natsStreamingServer(NatsStreamingServer.VERSION);
    }

    @Override
    public boolean listens() {
        return natsUrl == null;
    }

    @Override
    public boolean greets() {
        return true;
    }

    @Override
    public Pattern ready() {
        return READY;
    }

    @Override
    public List<String> command(Path binary, Path config, Path directory, Path portsDirectory, int port) {
        List<String> command = new ArrayList<>(
                List.of(binary.toString(), "--config", config.toString(), "--cluster_id", clusterId, "--store"));
        command.addAll(
                fileStore ? List.of("FILE", "--dir", directory.resolve("store").toString()) : List.of("MEMORY"));
        command.addAll(
                natsUrl == null
                        ? List.of(
                                "--addr",
                                "127.0.0.1",
                                "--port",
                                String.valueOf(port),
                                "--ports_file_dir",
                                portsDirectory.toString())
                        : List.of("--nats_server", natsUrl));
        command.addAll(flags);
        return command;
    }
}
