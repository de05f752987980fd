// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One cell: all contenders are started and warmed up, and then take turns, round by round. Whoever fails is out, and the
 * others go on.
 */
final class CellRun implements AutoCloseable {
    private static final int KIB_PER_MIB = 1024;
    private static final int ACKS_IN_FLIGHT = 1024;
    private static final int REQUESTS_IN_FLIGHT = 64;
    private static final int CONNECTIONS = 200;
    private static final int SUBSCRIPTIONS = 100;

    private final Cell cell;
    private final CompareArguments arguments;
    private final Surroundings surroundings;
    private final List<Participant> participants = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    CellRun(Cell cell, CompareArguments arguments, Surroundings surroundings) {
        this.cell = cell;
        this.arguments = arguments;
        this.surroundings = surroundings;
    }

    private static final class Participant {
        private final Row row;
        private final String subject;
        private final ContenderProcess process;

        Participant(Row row, String subject, ContenderProcess process) {
            this.row = row;
            this.subject = subject;
            this.process = process;
        }
    }

    /** Runs it to the end. */
    Result run(List<Contender> contenders) throws InterruptedException {
        for (Contender contender : contenders) {
            if (contender.takesPart().test(cell)) {
                start(contender);
            }
        }
        for (Participant participant : List.copyOf(participants)) {
            turn(participant, arguments.warmUp(), false);
        }
        for (int round = 0; round < arguments.rounds(); round++) {
            for (Participant participant : List.copyOf(participants)) {
                turn(participant, arguments.seconds(), true);
            }
        }
        for (Participant participant : List.copyOf(participants)) {
            footprint(participant);
        }
        return new Result(cell, rows);
    }

    private void start(Contender contender) throws InterruptedException {
        Row row = new Row(contender.name());
        rows.add(row);
        String subject = String.format(Locale.ROOT, "bench.cell.%02d", rows.size()); // all of the same length
        try {
            List<String> command = new ArrayList<>(contender.command().apply(cell.workload()));
            command.addAll(job(subject));
            command.addAll(surroundings.prepare(subject));
            ContenderProcess process = new ContenderProcess(command);
            row.client(String.valueOf(process.description().get("client")));
            participants.add(new Participant(row, subject, process));
        } catch (IOException | RuntimeException e) {
            row.failed(text(e));
        }
    }

    private List<String> job(String subject) {
        List<String> job = new ArrayList<>(surroundings.job(subject));
        switch (cell.workload()) {
            case FAN_OUT -> job.addAll(List.of("--subscriptions", "" + SUBSCRIPTIONS));
            case CONNECTIONS -> job.addAll(List.of("--connections", "" + CONNECTIONS));
            case REQUEST_MANY -> job.addAll(List.of("--in-flight", "" + REQUESTS_IN_FLIGHT));
            case JS_PUBLISH, STAN_PUBLISH -> job.addAll(List.of("--in-flight", "" + ACKS_IN_FLIGHT));
            default -> {}
        }
        return job;
    }

    private void turn(Participant participant, double seconds, boolean counts) throws InterruptedException {
        try {
            surroundings.beforeTurn(participant.subject, seconds);
            participant.process.run(seconds);
            Long fed = surroundings.feed(participant.subject, seconds);
            Map<String, Object> outcome = participant.process.outcome(seconds);
            if (fed != null) {
                check(fed * (cell.workload() == Workload.FAN_OUT ? SUBSCRIPTIONS : 1), outcome);
            }
            surroundings.afterTurn(participant.subject);
            if (counts) {
                participant.row.add(outcome);
            }
        } catch (IOException | RuntimeException e) {
            fail(participant, e);
        }
    }

    private static void check(long sent, Map<String, Object> outcome) {
        long received = (long) Row.number(outcome, "messages");
        if (received != sent) {
            throw new IllegalStateException(
                    "lost " + (sent - received) + ": received " + received + " of " + sent + " messages");
        }
    }

    private void footprint(Participant participant) {
        try {
            participant.row.add(Figure.RSS, (double) participant.process.status("VmHWM") / KIB_PER_MIB);
            participant.row.add(Figure.THREADS, (double) participant.process.status("Threads"));
        } catch (IOException e) {
            fail(participant, e);
        }
    }

    private void fail(Participant participant, Exception failure) {
        participant.row.failed(text(failure));
        participants.remove(participant);
        end(participant.process);
    }

    private static String text(Exception failure) {
        String text = failure.getMessage();
        return text == null ? failure.toString() : text;
    }

    private static void end(ContenderProcess process) {
        try {
            process.close();
        } catch (IOException e) {
            System.err.println("cannot end a contender: " + e);
        }
    }

    /** Ends all that have been started. */
    @Override
    public void close() {
        for (Participant participant : participants) {
            end(participant.process);
        }
        participants.clear();
    }
}
