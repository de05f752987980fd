// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.base.NatsServer;
import dev.midge.testkit.base.NatsServerVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server that a program of this module runs against: the one given by {@code --url}, else a nats-server of its own
 * where one is installed, else one inside this JVM.
 */
final class BenchServer implements AutoCloseable {
    private final Map<String, String> options;
    private final String url;
    private final String description;
    private final @Nullable Runnable own;

    private BenchServer(Map<String, String> options, String url, String description, @Nullable Runnable own) {
        this.options = options;
        this.url = url;
        this.description = description;
        this.own = own;
    }

    /** Reads {@code --name value} pairs and starts a server if no URL is among them. */
    static BenchServer fromArguments(String program, String[] args, String... names) throws Exception {
        Map<String, String> options = options(program, args, names);
        String url = options.get("--url");
        if (url != null) {
            return new BenchServer(options, url, "the server at " + url, null);
        }
        if (NatsServer.isInstalled(NatsServerVersion.newest())) {
            NatsServer.Builder builder = NatsServer.builder();
            NatsServer server = (program.equals("demo") ? builder.jetStream() : builder).start();
            return new BenchServer(options, server.url(), server + ", started for this", server::close);
        }
        EmbeddedServer server = EmbeddedServer.start();
        String description = server + ", inside this JVM, as there is no " + NatsServerVersion.newest();
        return new BenchServer(options, server.url(), description, server::close);
    }

    /** Reads {@code --name value} pairs, of {@code --url} and these names; ends the program if there are others. */
    static Map<String, String> options(String program, String[] args, String... names) {
        List<String> known = List.of(names);
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if ((!args[i].equals("--url") && !known.contains(args[i])) || i + 1 == args.length) {
                System.err.println("usage: bench/midge " + program + " [--url URL]"
                        + String.join(
                                "",
                                known.stream().map(name -> " [" + name + " N]").toList()));
                System.exit(2);
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    String url() {
        return url;
    }

    /** Which server it is, for people. */
    String description() {
        return description;
    }

    int number(String name, int otherwise) {
        return options.containsKey(name) ? Integer.parseInt(options.get(name)) : otherwise;
    }

    @Override
    public void close() {
        if (own != null) {
            own.run();
        }
    }
}
