// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A real nats-streaming-server, with a NATS server in it on a free port of the loopback interface, or as a client of another
 * one. It is gone when it is closed, and also when the JVM ends, as {@link NatsServer} is.
 *
 * <pre>{@code
 * try (NatsStreamingServer server = NatsStreamingServer.builder().fileStore().start()) {
 *     connectTo(server.url());
 *     server.kill();
 *     server.restart(); // with what it had stored
 * }
 * }</pre>
 *
 * The binary of version 0.25.6 is looked for as that of {@link NatsServer} is: named by the environment variable {@code
 * MIDGE_STAN_SERVER}, in the cache folder, on the path, built by {@code go install}; without one the test is skipped, with a
 * line, or fails if the environment says {@code CI=true}.
 *
 * <p>All methods but the plain getters block until what they do is done, and throw {@link IllegalStateException} with the
 * server's log when it cannot be done. Any thread may call them, one at a time.
 */
public final class NatsStreamingServer implements AutoCloseable {
    /** The version, which is the last one. */
    public static final String VERSION = "0.25.6";

    private final StreamingServerSpec spec;
    private final ServerInstance instance;

    private NatsStreamingServer(StreamingServerSpec spec) {
        this.spec = spec;
        instance = new ServerInstance(spec, ServerBinaries.find(spec.program()), false);
    }

    /** For a server with settings of its own. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a server that stores in memory, of cluster {@code test-cluster}. */
    public static NatsStreamingServer start() {
        return builder().start();
    }

    /** Whether this machine has a binary, so that none has to be built. Blocks while it asks binaries for their version. */
    public static boolean isInstalled() {
        return new NatsServerBinary(System.getenv()).isPresent(ServerProgram.natsStreamingServer(VERSION));
    }

    /** The id of its cluster. */
    public String clusterId() {
        return spec.clusterId();
    }

    /** The address for clients, which stays the same over restarts: {@code nats://127.0.0.1:4222}. */
    public String url() {
        String other = spec.natsUrl();
        return other == null ? "nats://127.0.0.1:" + instance.port() : other;
    }

    /** Where its configuration and its store are; deleted when it is closed. */
    public Path directory() {
        return instance.directory();
    }

    /** The newest lines of its log, at most 2,000, over all of its starts. */
    public String log() {
        return instance.log().text();
    }

    /**
     * Blocks until a line of the log has a match, at most 30 s.
     *
     * @param regex to be found within a line; lines that are there already count
     * @return the line
     * @throws AssertionError when none came in time
     */
    public String awaitLog(String regex) {
        return instance.awaitLog(regex);
    }

    /** The id of its process, which is another one after a restart. */
    public long pid() {
        return instance.running().pid();
    }

    /** Whether its process is alive. */
    public boolean isRunning() {
        return instance.isRunning();
    }

    /** Ends it in good order (SIGTERM). Does nothing when it does not run. */
    public void stop() {
        instance.stop();
    }

    /** Ends it at once (SIGKILL), as a crash would. Does nothing when it does not run. */
    public void kill() {
        instance.kill();
    }

    /**
     * Has its process stand still (SIGSTOP), which it does when this returns where the system tells (Linux), or go on (SIGCONT).
     */
    public void freeze(boolean still) {
        if (still) {
            instance.freeze();
        } else {
            instance.signal("CONT");
        }
    }

    /** Starts it on its port again, after {@link #stop} where it still runs. What it has stored in files is kept. */
    public void restart() {
        instance.restart();
    }

    /** Ends it at once and deletes its directory. A second call does nothing. */
    @Override
    public void close() {
        instance.close();
    }

    /** As in {@code nats-streaming-server 0.25.6 on port 4222}. */
    @Override
    public String toString() {
        return instance.toString();
    }

    /** What a server is started with. */
    public static final class Builder {
        private String clusterId = "test-cluster";
        private String config = "";
        private List<String> flags = List.of();
        private boolean fileStore;
        private @Nullable String natsUrl;

        Builder() {}

        /** The id of its cluster; default {@code test-cluster}. */
        public Builder clusterId(String id) {
            clusterId = Objects.requireNonNull(id, "id");
            return this;
        }

        /** Stores in files in its directory, and not in memory. */
        public Builder fileStore() {
            fileStore = true;
            return this;
        }

        /** The text of its configuration file, of both the streaming and the NATS server. */
        public Builder config(String text) {
            config = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Further flags of the command line, such as {@code -SDV} or {@code --hb_interval 1s}. */
        public Builder flags(String... values) {
            flags = List.of(values);
            return this;
        }

        /** The NATS server that it is to be a client of, instead of having one of its own. */
        public Builder natsServer(String url) {
            natsUrl = Objects.requireNonNull(url, "url");
            return this;
        }

        /**
         * Starts it, and blocks until it says that it is ready: some ten milliseconds, but minutes where the binary has to be
         * built first.
         *
         * @throws IllegalStateException with its log, when it ends instead, or is not ready within 30 s
         * @throws org.opentest4j.TestAbortedException when there is no binary, which skips the test
         * @throws AssertionError when there is no binary under {@code CI=true}
         */
        public NatsStreamingServer start() {
            return new NatsStreamingServer(new StreamingServerSpec(clusterId, fileStore, config, flags, natsUrl));
        }
    }
}
