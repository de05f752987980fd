// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a contender is to do, as its command line says it.
 *
 * @param workload one of {@link Workload}'s names
 * @param url of the server
 * @param subject that it publishes or subscribes to, its own
 * @param size of payloads, in bytes
 * @param headers how many there are in a message
 * @param subscriptions of fan-out
 * @param connections of workload connections
 * @param inFlight requests or acks that are under way at any time
 * @param stream of JetStream
 * @param consumer of it
 * @param cluster of NATS Streaming
 */
public record Job(
        String workload,
        String url,
        String subject,
        int size,
        int headers,
        int subscriptions,
        int connections,
        int inFlight,
        String stream,
        String consumer,
        String cluster) {
    /** What requests are sent to. */
    static final String ECHO_SUBJECT = "bench.echo";

    private static final Set<String> NAMES = Set.of(
            "--workload",
            "--url",
            "--subject",
            "--size",
            "--headers",
            "--subscriptions",
            "--connections",
            "--in-flight",
            "--stream",
            "--storage",
            "--consumer",
            "--cluster");

    /** @throws IllegalArgumentException when it does not understand them */
    static Job parse(String... args) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!NAMES.contains(args[i]) || i + 1 == args.length) {
                throw new IllegalArgumentException("unknown argument, or one without a value: " + args[i]);
            }
            values.put(args[i], args[i + 1]);
        }
        for (String name : List.of("--workload", "--url")) {
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException(name + " is missing");
            }
        }
        return new Job(
                values.getOrDefault("--workload", ""),
                values.getOrDefault("--url", ""),
                values.getOrDefault("--subject", "bench.compare"),
                number(values, "--size", 0),
                number(values, "--headers", 0),
                number(values, "--subscriptions", 1),
                number(values, "--connections", 1),
                number(values, "--in-flight", 1),
                values.getOrDefault("--stream", ""),
                values.getOrDefault("--consumer", ""),
                values.getOrDefault("--cluster", ""));
    }

    private static int number(Map<String, String> values, String name, int otherwise) {
        String value = values.get(name);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is " + value + ", but has to be a number", e);
        }
    }

    /** The same without anything in a message, which is the end of a run. */
    Job end() {
        return new Job(workload, url, subject, 0, 0, subscriptions, connections, inFlight, stream, consumer, cluster);
    }

    /** So many bytes of {@code x}. */
    public byte[] payload() {
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) 'x');
        return payload;
    }

    /** The headers of each message: {@code Bench-Header-1: value-1} and so on; the names. */
    public List<String> headerNames() {
        return IntStream.rangeClosed(1, headers)
                .mapToObj(i -> "Bench-Header-" + i)
                .toList();
    }

    /** The value that belongs to a name. */
    public static String headerValue(String name) {
        return "value-" + name.substring(name.lastIndexOf('-') + 1);
    }

    /** With the header block where there are headers: {@code PUB subject 16}, {@code HPUB subject 50 66}, {@code MSG} and so on. */
    byte[] frame(String verbAndSubject) {
        if (headers == 0) {
            return (verbAndSubject + " " + size + "\r\n" + "x".repeat(size) + "\r\n").getBytes(US_ASCII);
        }
        StringBuilder block = new StringBuilder("NATS/1.0\r\n");
        headerNames()
                .forEach(name -> block.append(name)
                        .append(": ")
                        .append(headerValue(name))
                        .append("\r\n"));
        block.append("\r\n");
        return ("H" + verbAndSubject + " " + block.length() + " " + (block.length() + size) + "\r\n" + block
                        + "x".repeat(size) + "\r\n")
                .getBytes(US_ASCII);
    }
}
