// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.testkit.base.NatsServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server that a program of this module runs against: the one given by {@code --url}, or one of its own. */
final class BenchServer implements AutoCloseable {
    private final Map<String, String> options;
    private final @Nullable NatsServer own;

    private BenchServer(Map<String, String> options, @Nullable NatsServer own) {
        this.options = options;
        this.own = own;
    }

    /** Reads {@code --name value} pairs and starts a server if no URL is among them. */
    static BenchServer fromArguments(String program, String[] args, String... names) throws Exception {
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
        return new BenchServer(
                options,
                options.containsKey("--url") ? null : NatsServer.builder().start());
    }

    String url() {
        return own == null ? options.getOrDefault("--url", "") : own.url();
    }

    int number(String name, int otherwise) {
        return options.containsKey(name) ? Integer.parseInt(options.get(name)) : otherwise;
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
