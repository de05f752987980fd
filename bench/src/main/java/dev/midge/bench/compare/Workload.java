// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What contenders are measured at. */
enum Workload {
    PUBLISH("messages"),
    SUBSCRIBE("messages"),
    PUBLISH_SUBSCRIBE("messages"),
    REQUEST("requests"),
    REQUEST_MANY("requests"),
    FAN_OUT("deliveries"),
    CONNECTIONS(""),
    IDLE(""),
    JS_PUBLISH("messages"),
    JS_CONSUME("messages"),
    STAN_PUBLISH("messages");

    private final String counted;

    Workload(String counted) {
        this.counted = counted;
    }

    /** As in {@code publish-subscribe}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is counted; empty where nothing is. */
    String counted() {
        return counted;
    }

    /** Whether what comes to the contender is published by another process, which says how much that is. */
    boolean isFed() {
        return this == SUBSCRIBE || this == FAN_OUT;
    }

    /** Whether another process answers. */
    boolean isAnswered() {
        return this == REQUEST || this == REQUEST_MANY;
    }

    /** Whether streams are needed. */
    boolean isJetStream() {
        return this == JS_PUBLISH || this == JS_CONSUME;
    }

    /** Whether there are messages, of a size. */
    boolean hasMessages() {
        return !counted.isEmpty();
    }

    /** Whether a sink can stand in for the server. */
    boolean worksWithSink() {
        return this == PUBLISH || isFed() || isAnswered();
    }

    /** @throws IllegalArgumentException when there is none */
    static Workload named(String label) {
        return Arrays.stream(values())
                .filter(workload -> workload.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown workload: " + label + "; there are "
                        + Arrays.stream(values()).map(Workload::label).collect(Collectors.joining(", "))));
    }
}
