// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a cell needs beside its contenders: a server or a sink, who publishes to them or answers them, and streams. */
final class Surroundings implements AutoCloseable {
    private final Cell cell;
    private final String url;
    private final @Nullable ContenderProcess other;
    private final @Nullable Streams streams;

    /** @param sink whether a sink is to stand in for the server */
    Surroundings(Cell cell, Servers servers, JvmCommand jvm, boolean sink) throws IOException, InterruptedException {
        this.cell = cell;
        if (sink) {
            ContenderProcess process = start(jvm, SinkProgram.class, "nats://sink");
            other = process;
            url = String.valueOf(process.description().get("client"));
            streams = null;
            return;
        }
        url = servers.url(cell.workload());
        streams = cell.workload().isJetStream() ? new Streams(cell, url) : null;
        if (cell.workload().isFed()) {
            other = start(jvm, PublisherProgram.class, url);
        } else if (cell.workload().isAnswered()) {
            other = start(jvm, EchoProgram.class, url);
        } else {
            other = null;
        }
    }

    private ContenderProcess start(JvmCommand jvm, Class<?> program, String server)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(jvm.of(jvm.ownJdk(), "", jvm.ownClassPath(), program.getName()));
        command.addAll(job("", server));
        return new ContenderProcess(command);
    }

    /** The arguments that every contender gets. */
    List<String> job(String subject) {
        return job(subject, url);
    }

    private List<String> job(String subject, String server) {
        return List.of(
                "--workload",
                cell.workload().label(),
                "--size",
                Integer.toString(cell.size()),
                "--headers",
                Integer.toString(cell.headers()),
                "--url",
                server,
                "--subject",
                subject);
    }

    /** Makes what a contender needs, and answers the arguments that tell it. */
    List<String> prepare(String subject) {
        if (streams != null) {
            return streams.create(subject);
        }
        return cell.workload() == Workload.STAN_PUBLISH ? List.of("--cluster", Servers.CLUSTER) : List.of();
    }

    /** Makes ready what a turn needs. */
    void beforeTurn(String subject, double seconds) {
        if (streams != null && cell.workload() == Workload.JS_CONSUME) {
            streams.fill(subject, seconds);
        }
    }

    /** Publishes to a contender for so long; how many messages, or null where nobody does. */
    @Nullable
    Long feed(String subject, double seconds) throws IOException, InterruptedException {
        if (streams != null && cell.workload() == Workload.JS_CONSUME) {
            return streams.filled();
        }
        if (other == null || !cell.workload().isFed()) {
            return null;
        }
        other.run(seconds, subject);
        return (long) Row.number(other.outcome(seconds), "messages");
    }

    /** Clears up behind a turn. */
    void afterTurn(String subject) {
        if (streams != null) {
            streams.purge(subject);
        }
    }

    @Override
    public void close() throws IOException {
        if (other != null) {
            other.close();
        }
        if (streams != null) {
            streams.close();
        }
    }
}
