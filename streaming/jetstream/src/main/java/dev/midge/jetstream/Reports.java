// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import dev.midge.client.internal.EventQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener what happens to a consumption, on the executor and in order; or the log. */
final class Reports extends EventQueue<ConsumeEvent, java.util.function.Consumer<ConsumeEvent>> {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final String what;

    Reports(String what, Connection connection, java.util.function.@Nullable Consumer<ConsumeEvent> listener) {
        super(
                what,
                connection.direct().executor(),
                connection.options().eventLimit(),
                Set.of(ConsumeEvent.Ended.class));
        this.what = what;
        if (listener != null) {
            listeners().add(listener);
        }
    }

    void tell(ConsumeEvent event) {
        if (!listeners().isEmpty()) {
            emit(event);
        } else if (event instanceof ConsumeEvent.Ended ended && ended.failure() == null) {
            LOG.debug("{}: {}", what, event);
        } else {
            LOG.info("{}: {}", what, event);
        }
    }

    /** A subscriber of the user's threw. */
    void failed(Throwable cause) {
        LOG.warn("{}: the subscriber failed and gets no more", what, cause);
    }

    @Override
    protected void tell(java.util.function.Consumer<ConsumeEvent> listener, ConsumeEvent event) {
        listener.accept(event);
    }

    @Override
    protected ConsumeEvent dropped(long count) {
        return new ConsumeEvent.EventsDropped(count);
    }
}
