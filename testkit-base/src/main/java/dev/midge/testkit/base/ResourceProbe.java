// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that Netty's leak detection covers and that is not released: pooled and direct buffers, hashed wheel
 * timers, native TLS engines. Netty itself reports a leak when the garbage collector happens to find it; this counts
 * each one from its allocation to its release, so the answer is exact and needs no collection.
 */
final class ResourceProbe implements LeakProbe {
    private static final Set<Tracker> LIVE = ConcurrentHashMap.newKeySet();

    /**
     * To be called before Netty's buffer classes are initialised, as they take their detector from the factory just
     * once.
     */
    static void install() {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    }

    /** Whether {@link #install} came in time. */
    static boolean isInstalled() {
        return InTime.YES;
    }

    private static boolean seesBuffers() {
        ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.directBuffer(1);
        try {
            return LIVE.stream().anyMatch(tracker -> tracker.hash == System.identityHashCode(buffer.unwrap()));
        } finally {
            buffer.release();
        }
    }

    /** Asked once: it can change no more. */
    private static final class InTime {
        static final boolean YES = seesBuffers();
    }

    @Override
    public Set<?> live() {
        return LIVE;
    }

    /** Constants live as long as their class, and are never released on purpose. */
    @Override
    public boolean isLeak(Object suspect) {
        return Arrays.stream(((Tracker) suspect).created.getStackTrace())
                .noneMatch(frame -> frame.getMethodName().equals("<clinit>"));
    }

    @Override
    public String name(Object leak) {
        Tracker tracker = (Tracker) leak;
        return tracker.resource + Stacks.text(tracker.created.getStackTrace());
    }

    @Override
    public String describe(Object leak) {
        return ((Tracker) leak).describe();
    }

    @Override
    public String allowedBy(LeakCheck.Allow allow) {
        return allow.resources();
    }

    private static final class Factory extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // abstract, so it has to be here
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new Detector<>(resource, samplingInterval);
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        public ResourceLeakTracker<T> track(T object) {
            TypedTracker<T> tracker = new TypedTracker<>(object);
            LIVE.add(tracker);
            return tracker;
        }

        @Override
        public ResourceLeakTracker<T> trackForcibly(T object) {
            return track(object);
        }
    }

    /** One resource; does not refer to it, so that a leak costs no more memory than it does without this. */
    private abstract static class Tracker {
        /** The accesses that the failure text shows, the newest ones. */
        private static final int MAX_ACCESSES = 3;

        final String resource;
        final int hash;
        final Throwable created = new Throwable();
        private final ArrayDeque<Access> accesses = new ArrayDeque<>(MAX_ACCESSES);

        Tracker(Object object) {
            resource = object.getClass().getSimpleName();
            hash = System.identityHashCode(object);
        }

        final void add(@Nullable Object hint) {
            Access access = new Access(hint, new Throwable());
            synchronized (accesses) {
                if (accesses.size() == MAX_ACCESSES) {
                    accesses.removeFirst();
                }
                accesses.addLast(access);
            }
        }

        final String describe() {
            List<Access> newest;
            synchronized (accesses) {
                newest = new ArrayList<>(accesses);
            }
            StringBuilder text = new StringBuilder("Netty resource " + resource + " was never released; created at")
                    .append(Stacks.text(created.getStackTrace()));
            for (int i = newest.size() - 1; i >= 0; i--) {
                Access access = newest.get(i);
                text.append("\n      used")
                        .append(access.hint == null ? "" : " (" + access.hint + ")")
                        .append(" at")
                        .append(Stacks.text(access.stack.getStackTrace()));
            }
            return text.toString();
        }
    }

    private static final class TypedTracker<T> extends Tracker implements ResourceLeakTracker<T> {
        TypedTracker(T object) {
            super(object);
        }

        @Override
        public void record() {
            add(null);
        }

        @Override
        public void record(Object hint) {
            add(hint);
        }

        @Override
        public boolean close(T trackedObject) {
            return LIVE.remove(this);
        }
    }

    private record Access(@Nullable Object hint, Throwable stack) {}
}
