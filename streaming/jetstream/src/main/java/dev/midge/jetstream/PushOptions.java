// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How messages of a push consumer are consumed. Immutable. */
public final class PushOptions {
    /** The executor of the connection, and the log. */
    public static final PushOptions DEFAULTS = builder().build();

    private final @Nullable Executor executor;
    private final java.util.function.@Nullable Consumer<ConsumeEvent> listener;

    private PushOptions(Builder builder) {
        executor = builder.executor;
        listener = builder.listener;
    }

    /** A builder with everything at its default. */
    public static Builder builder() {
        return new Builder();
    }

    @Nullable
    Executor executor() {
        return executor;
    }

    java.util.function.@Nullable Consumer<ConsumeEvent> listener() {
        return listener;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private @Nullable Executor executor;
        private java.util.function.@Nullable Consumer<ConsumeEvent> listener;

        private Builder() {}

        /** Where the handler is called; any executor. The default is that of the connection. */
        public Builder executor(Executor handlerExecutor) {
            executor = Objects.requireNonNull(handlerExecutor, "handlerExecutor");
            return this;
        }

        /** Is told what happens, on the connection's executor. By default it is logged: the end on debug, all else on info. */
        public Builder listener(java.util.function.Consumer<ConsumeEvent> eventListener) {
            listener = Objects.requireNonNull(eventListener, "eventListener");
            return this;
        }

        /** The options. */
        public PushOptions build() {
            return new PushOptions(this);
        }
    }
}
