// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Virtual threads where the JDK has them, platform threads elsewhere: tests are compiled for JDK 17, which has none. */
final class VirtualThreads {
    /** The first JDK that has them. */
    private static final int SINCE = 21;

    private VirtualThreads() {}

    static boolean exist() {
        return Runtime.version().feature() >= SINCE;
    }

    static ThreadFactory factory() {
        if (!exist()) {
            return Thread::new;
        }
        Object builder = call(Thread.class, "ofVirtual", null);
        try {
            return (ThreadFactory) call(Class.forName("java.lang.Thread$Builder"), "factory", builder);
        } catch (ClassNotFoundException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** A thread for each task. */
    static ExecutorService executor() {
        return exist()
                ? (ExecutorService) call(Executors.class, "newVirtualThreadPerTaskExecutor", null)
                : Executors.newCachedThreadPool();
    }

    /** Whether this runs on one. */
    static boolean isCurrent() {
        return exist() && (Boolean) call(Thread.class, "isVirtual", Thread.currentThread());
    }

    private static Object call(Class<?> type, String method, @Nullable Object target) {
        try {
            return type.getMethod(method).invoke(target);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
