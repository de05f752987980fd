// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import dev.midge.testkit.base.NatsStreamingServer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The servers that contenders connect to: the one that is given, or those that are needed, each started once. */
final class Servers implements AutoCloseable {
    /** Room for what a slow subscriber leaves behind; from half of it on the server slows the publisher down. */
    static final String CONFIG = "max_pending: 128MB\nwrite_deadline: \"60s\"\nping_interval: \"10m\"\n";

    static final String CLUSTER = "test-cluster";

    private final @Nullable String given;
    private final @Nullable Path binary;
    private @Nullable NatsServer nats;
    private @Nullable NatsStreamingServer streaming;

    Servers(CompareArguments arguments) {
        given = arguments.url();
        binary = arguments.server();
    }

    /** The address of the one for a workload. */
    String url(Workload workload) {
        if (given != null) {
            return given;
        }
        return workload == Workload.STAN_PUBLISH ? streaming().url() : nats().url();
    }

    private NatsServer nats() {
        NatsServer server = nats;
        if (server == null) {
            NatsServer.Builder builder = NatsServer.builder().config(CONFIG).jetStream();
            server = (binary == null ? builder : builder.binary(binary)).start();
            nats = server;
        }
        return server;
    }

    private NatsStreamingServer streaming() {
        NatsStreamingServer server = streaming;
        if (server == null) {
            server = NatsStreamingServer.builder()
                    .clusterId(CLUSTER)
                    .config(CONFIG)
                    .start();
            streaming = server;
        }
        return server;
    }

    /** Why there is none for a workload, or nothing where there is one. */
    Optional<String> missing(Workload workload) {
        if (given != null) {
            return Optional.empty();
        }
        if (workload == Workload.STAN_PUBLISH) {
            return NatsStreamingServer.isInstalled()
                    ? Optional.empty()
                    : Optional.of("there is no nats-streaming-server " + NatsStreamingServer.VERSION);
        }
        return binary != null || NatsServer.isInstalled(NatsServerVersion.newest())
                ? Optional.empty()
                : Optional.of("there is no " + NatsServerVersion.newest() + ": install it, or use --server or --url");
    }

    /** For people. */
    String description() {
        if (given != null) {
            return "the server at " + given;
        }
        return binary == null ? NatsServerVersion.newest() + ", started for this" : binary + ", started for this";
    }

    @Override
    public void close() {
        if (nats != null) {
            nats.close();
        }
        if (streaming != null) {
            streaming.close();
        }
    }
}
