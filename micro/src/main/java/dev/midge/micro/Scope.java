// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.client.SubscribeOptions;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What holds for endpoints at some place of a service: what was said there, or around it.
 *
 * @param prefix of their subjects, without the dot; empty if none
 * @param queue the queue group, null if none
 * @param changes to the options of their subscriptions, the last one counts
 * @param middleware the outermost first
 */
record Scope(
        String prefix,
        @Nullable String queue,
        List<Consumer<SubscribeOptions.Builder>> changes,
        List<Middleware> middleware) {
    private static final String DEFAULT_QUEUE = "q";

    /** Around a service. */
    static final Scope OUTERMOST = new Scope("", DEFAULT_QUEUE, List.of(), List.of());

    /** The subject of this name here. */
    String subject(String name) {
        return prefix.isEmpty() || name.isEmpty() ? prefix + name : prefix + "." + name;
    }

    SubscribeOptions subscribeOptions() {
        SubscribeOptions.Builder options = SubscribeOptions.builder();
        changes.forEach(change -> change.accept(options));
        if (queue != null) {
            options.queue(queue);
        }
        return options.build();
    }

    static <T> List<T> both(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
