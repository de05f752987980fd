// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster of real nats-servers, each with routes to all others. Its nodes are {@link NatsServer}s, to be stopped,
 * killed, put into lame duck mode and restarted one by one. All are gone when the cluster is closed, and also when the
 * JVM ends, even by {@code kill -9}.
 *
 * <pre>{@code
 * try (NatsCluster cluster = NatsCluster.builder().version(NatsServerVersion.V2_9_10).start()) {
 *     connectTo(cluster.urls());
 *     cluster.node(1).kill();
 *     cluster.node(1).restart();
 *     cluster.awaitRoutes();
 * }
 * }</pre>
 *
 * A server of the cluster is named {@code node-0}, {@code node-1} and so on, and announces the others to its clients.
 *
 * <p>As for {@link NatsServer}, methods block until what they do is done, and any thread may call them, one at a time.
 */
public final class NatsCluster implements AutoCloseable {
    /** A route that is lost is tried again every second. */
    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int PORT_ATTEMPTS = 10;

    private final List<NatsServer> nodes;

    private NatsCluster(List<NatsServer> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /** For a cluster with settings of its own. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts three servers of the newest version with nothing else configured. */
    public static NatsCluster start() {
        return builder().start();
    }

    /** The servers, in the order of their names. */
    public List<NatsServer> nodes() {
        return nodes;
    }

    /**
     * One server.
     *
     * @param index from 0
     * @throws IndexOutOfBoundsException when there is none such
     */
    public NatsServer node(int index) {
        return nodes.get(index);
    }

    /** The addresses for clients, in the order of the nodes: {@code nats://127.0.0.1:4222}. */
    public String[] urls() {
        return nodes.stream().map(NatsServer::url).toArray(String[]::new);
    }

    /**
     * Blocks until each node that runs has its routes to all others that run, and announces just these to its clients.
     *
     * @throws IllegalStateException with all logs, when that is not so within 40 s
     */
    public void awaitRoutes() {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        String missing = RouteCheck.missing(nodes);
        while (!missing.isEmpty()) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException(
                        "The cluster was not complete within " + TIMEOUT.toSeconds() + " s: " + missing + "\n" + log());
            }
            LockSupport.parkNanos(POLL_NANOS);
            missing = RouteCheck.missing(nodes);
        }
    }

    /** The newest lines of the logs of all nodes, one node after the other. */
    public String log() {
        StringBuilder text = new StringBuilder();
        for (NatsServer node : nodes) {
            text.append(node).append(":\n").append(node.log()).append('\n');
        }
        return text.toString();
    }

    /** Ends all nodes at once and deletes their directories. A second call does nothing. */
    @Override
    public void close() {
        nodes.forEach(NatsServer::close);
    }

    /** As in {@code cluster of nats-server 2.15.2 on port 11111, nats-server 2.15.2 on port 22222}. */
    @Override
    public String toString() {
        return "cluster of "
                + String.join(", ", nodes.stream().map(NatsServer::toString).toList());
    }

    /** What a cluster is started with. */
    public static final class Builder {
        private NatsServerVersion version = NatsServerVersion.newest();
        private int size = 3;
        private String config = "";
        private boolean jetStream;
        private Duration lameDuckGrace = Duration.ofSeconds(10);

        Builder() {}

        /** The version of all nodes; the newest one unless told otherwise. */
        public Builder version(NatsServerVersion value) {
            version = Objects.requireNonNull(value, "version");
            return this;
        }

        /**
         * How many nodes; 3 unless told otherwise.
         *
         * @throws IllegalArgumentException when it is not from 2 to 9
         */
        public Builder size(int value) {
            if (value < 2 || value > 9) {
                throw new IllegalArgumentException("size is " + value + ", must be from 2 to 9");
            }
            size = value;
            return this;
        }

        /** The text of all nodes' configuration files, to which what makes them a cluster is added. */
        public Builder config(String text) {
            config = Objects.requireNonNull(text, "text");
            return this;
        }

        /** With JetStream on all nodes. */
        public Builder jetStream() {
            jetStream = true;
            return this;
        }

        /** As {@link NatsServer.Builder#lameDuckGrace}, for all nodes. */
        public Builder lameDuckGrace(Duration value) {
            NatsServer.builder().lameDuckGrace(value);
            lameDuckGrace = value;
            return this;
        }

        /**
         * Starts the nodes and blocks until they have their routes: some tenths of a second, but minutes where the
         * binary has to be built first.
         *
         * @throws IllegalStateException with its log, when a node ends instead, or the cluster is not complete in time
         * @throws org.opentest4j.TestAbortedException when there is no binary, which skips the test
         * @throws AssertionError when there is no binary under {@code CI=true}
         */
        public NatsCluster start() {
            for (int attempt = 1; ; attempt++) {
                int[] ports =
                        IntStream.generate(Ports::next).distinct().limit(size).toArray();
                try {
                    return start(ports);
                } catch (IllegalStateException e) {
                    // The ports for routes are in the configuration, so a taken one asks for another configuration.
                    if (attempt == PORT_ATTEMPTS
                            || !String.valueOf(e.getMessage()).contains("address already in use")) {
                        throw e;
                    }
                }
            }
        }

        private NatsCluster start(int[] ports) {
            List<NatsServer> started = new ArrayList<>();
            try {
                for (int i = 0; i < size; i++) {
                    started.add(node(i, ports));
                }
                NatsCluster cluster = new NatsCluster(started);
                cluster.awaitRoutes();
                return cluster;
            } catch (RuntimeException | Error e) {
                started.forEach(NatsServer::close);
                throw e;
            }
        }

        private NatsServer node(int index, int[] ports) {
            String routes = IntStream.range(0, size)
                    .filter(other -> other != index)
                    .mapToObj(other -> "\"nats://127.0.0.1:" + ports[other] + "\"")
                    .collect(Collectors.joining(", ", "[", "]"));
            NatsServer.Builder builder = NatsServer.builder()
                    .version(version)
                    .monitoring()
                    .lameDuckGrace(lameDuckGrace)
                    .config(config + "\nserver_name: node-" + index + "\ncluster { name: midge, listen: \"127.0.0.1:"
                            + ports[index] + "\", routes: " + routes + " }\n");
            return (jetStream ? builder.jetStream() : builder).start();
        }
    }
}
