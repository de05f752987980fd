// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.client.Overflow;
import dev.midge.client.SubscribeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What endpoints behave like, to be said for a service, a group or an endpoint: what is said closer to the endpoint
 * counts, and what is not said anywhere comes from the connection. Not thread-safe.
 *
 * @param <B> the builder that it is said to
 */
public abstract sealed class Settings<B extends Settings<B>>
        permits Service.Builder, GroupOptions.Builder, EndpointOptions.Builder {
    private final List<Consumer<SubscribeOptions.Builder>> changes = new ArrayList<>();
    private final List<Middleware> middleware = new ArrayList<>();
    private boolean queueGiven;
    private @Nullable String queue;

    Settings() {}

    /**
     * The queue group: of the instances of services that are in the same, one gets each request. The default is {@code q}.
     *
     * @throws IllegalArgumentException if it is no name of a queue group
     */
    public B queueGroup(String group) {
        queue = Rules.queueGroup(group);
        queueGiven = true;
        return self();
    }

    /** No queue group: each instance gets each request. */
    public B queueGroupDisabled() {
        queue = null;
        queueGiven = true;
        return self();
    }

    /**
     * Where handlers run; any executor. The requests of one endpoint are handled one after the other, those of different
     * endpoints at once, as far as the executor has threads. The default is that of the connection.
     */
    public B executor(Executor handlerExecutor) {
        Objects.requireNonNull(handlerExecutor, "handlerExecutor");
        return change(options -> options.executor(handlerExecutor));
    }

    /**
     * How many requests may wait for the handler of an endpoint. Those that come beyond that are not answered, but counted
     * as the {@linkplain #overflow policy} has it.
     *
     * @param requests most requests, above 0
     * @param bytes most bytes of headers and payloads, above 0
     * @throws IllegalArgumentException if one of them is not above 0
     */
    public B pendingLimits(long requests, long bytes) {
        return change(options -> options.pendingLimits(requests, bytes));
    }

    /** What happens when a pending limit is reached. */
    public B overflow(Overflow policy) {
        Objects.requireNonNull(policy, "policy");
        return change(options -> options.overflow(policy));
    }

    /**
     * Goes around each request. Called more than once, the first is the outermost; those of a service are around those of
     * its groups, and these around those of endpoints.
     */
    public B middleware(Middleware around) {
        middleware.add(Objects.requireNonNull(around, "around"));
        return self();
    }

    private B change(Consumer<SubscribeOptions.Builder> how) {
        how.accept(SubscribeOptions.builder()); // what is wrong with it is to be told now
        changes.add(how);
        return self();
    }

    abstract B self();

    /** For options that are built: what is said later must not reach them. */
    <T extends Settings<T>> T copyTo(T other) {
        Settings<T> target = other;
        target.changes.addAll(changes);
        target.middleware.addAll(middleware);
        target.queueGiven = queueGiven;
        target.queue = queue;
        return other;
    }

    /** What holds in the given scope, with what was said here. */
    Scope within(Scope outer, String name) {
        return new Scope(
                outer.subject(name),
                queueGiven ? queue : outer.queue(),
                Scope.both(outer.changes(), changes),
                Scope.both(outer.middleware(), middleware));
    }
}
