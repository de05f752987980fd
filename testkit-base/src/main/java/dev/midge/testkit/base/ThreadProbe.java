// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Live platform threads, and by that everything that has a thread: event loops with their channels, timers,
 * executors.
 */
final class ThreadProbe implements LeakProbe {
    /**
     * Threads which their owners keep for the whole JVM or end by themselves after an idle time; matched against the
     * whole name.
     */
    private static final Pattern KEPT = Pattern.compile(String.join(
            "|",
            // JDK
            "ForkJoinPool\\.commonPool-.*", // also its delay scheduler, JDK 25
            "CompletableFutureDelayScheduler",
            "Common-Cleaner|Cleaner-\\d+",
            "process reaper.*",
            "Attach Listener|Signal Dispatcher|Reference Handler|Finalizer|Notification Thread|SIG[A-Z0-9]+ handler",
            "DestroyJavaVM",
            "Keep-Alive-(Timer|SocketCleaner)",
            "VirtualThread-unparker.*|VirtualThread-unblocker.*|(Read|Write|Master)-?Poller.*",
            "JFR .*|RMI .*|JMX .*",
            // test frameworks
            "surefire-.*",
            "junit-.*", // @Timeout's watcher and its separate threads
            "jqwik.*",
            // Netty's process-wide executor: ends after a quiet second and starts again on demand
            "globalEventExecutor-.*"));

    /** Group of the threads that carry virtual threads and time them, from JDK 21 on; they stay for 30 idle seconds. */
    private static final String CARRIERS = "CarrierThreads";

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final WeakHashMap<Thread, Boolean> IGNORED = new WeakHashMap<>();

    /** For what lives as long as the JVM on purpose: servers that all test classes share. */
    static void ignore(Thread thread) {
        LOCK.lock();
        try {
            IGNORED.put(thread, true);
        } finally {
            LOCK.unlock();
        }
    }

    @Override
    public Set<?> live() {
        return Thread.getAllStackTraces().keySet();
    }

    @Override
    public boolean isLeak(Object suspect) {
        Thread thread = (Thread) suspect;
        if (KEPT.matcher(thread.getName()).matches() || isCarrier(thread.getThreadGroup())) {
            return false;
        }
        LOCK.lock();
        try {
            return !IGNORED.containsKey(thread);
        } finally {
            LOCK.unlock();
        }
    }

    /** The group is null once the thread has ended. */
    private static boolean isCarrier(@Nullable ThreadGroup group) {
        return group != null && group.getName().equals(CARRIERS);
    }

    @Override
    public String name(Object leak) {
        return ((Thread) leak).getName();
    }

    @Override
    public String describe(Object leak) {
        Thread thread = (Thread) leak;
        return "thread \"" + thread.getName() + "\" (" + (thread.isDaemon() ? "daemon, " : "") + thread.getState()
                + ") is alive, at" + Stacks.text(thread.getStackTrace());
    }

    @Override
    public String allowedBy(LeakCheck.Allow allow) {
        return allow.threads();
    }
}
