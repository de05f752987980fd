// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.NatsException;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Event loops for connections, counted by reference: their threads start with the first connection that leases them and
 * end with the last. An object of this class by itself owns no thread and need not be closed. Thread-safe.
 *
 * <p>The threads are daemons and named {@code nats-io-...}.
 */
public final class EventLoops {
    private static final Map<TransportKind, EventLoops> SHARED = new EnumMap<>(TransportKind.class);

    static {
        // One loop takes more than a NATS server sends to one connection; more than 4 of them serve only many busy
        // ones.
        int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
        for (TransportKind kind : TransportKind.values()) {
            SHARED.put(kind, own(kind, threads));
        }
    }

    private final Supplier<Lease> leases;

    private EventLoops(Supplier<Lease> leases) {
        this.leases = leases;
    }

    /**
     * Those that all connections of this class loader share: half as many threads as there are processors, at least 1
     * and at most 4.
     */
    public static EventLoops shared(TransportKind kind) {
        return Objects.requireNonNull(SHARED.get(Objects.requireNonNull(kind, "kind")));
    }

    /**
     * Others than the shared ones, for those who are given the returned object only.
     *
     * @param threads how many at most; they start one by one, as connections come
     * @throws IllegalArgumentException if {@code threads} is not positive
     */
    public static EventLoops own(TransportKind kind, int threads) {
        Objects.requireNonNull(kind, "kind");
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ": must be at least 1");
        }
        SharedResource<LoopGroup> groups = new SharedResource<>(
                () -> new LoopGroup(IoTransports.of(kind).handlers(), threads), LoopGroup::shutdown);
        return new EventLoops(() -> {
            LoopGroup group = groups.acquire();
            return new Lease(group::next, groups::release);
        });
    }

    /** Those of a group that belongs to the caller, who alone shuts it down, once no connection uses it. */
    public static EventLoops of(EventLoopGroup group) {
        Objects.requireNonNull(group, "group");
        return new EventLoops(() -> new Lease(group::next, () -> {}));
    }

    /** Whether the calling thread is one of those made by {@link #shared} or {@link #own}: it must not wait. */
    public static boolean isEventLoopThread() {
        return LoopGroup.isOnLoop();
    }

    /**
     * Starts to use them.
     *
     * @throws NatsException if the transport is not available: a jar is missing, or its library does not load
     */
    public Lease acquire() {
        return leases.get();
    }

    /** Somebody's use of the event loops. Thread-safe. */
    public static final class Lease {
        private final Supplier<EventLoop> loops;
        private final Runnable end;
        private final AtomicBoolean released = new AtomicBoolean();

        private Lease(Supplier<EventLoop> loops, Runnable end) {
            this.loops = loops;
            this.end = end;
        }

        /**
         * The event loop whose turn it is: to be kept for the life of a connection.
         *
         * @throws IllegalStateException behind {@link #release}
         */
        public EventLoop next() {
            if (released.get()) {
                throw new IllegalStateException("the event loops were released");
            }
            return loops.get();
        }

        /**
         * Ends this use; does nothing the second time. Behind the last one the threads run the tasks that they were
         * given, close what sockets are left and end. Does not wait for them, and may be called on one of them.
         */
        public void release() {
            if (released.compareAndSet(false, true)) {
                end.run();
            }
        }
    }
}
