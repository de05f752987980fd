// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Exceptions nobody caught: those that ended a thread, and those that Netty swallowed with a line in its log. */
final class ExceptionProbe implements LeakProbe {
    private static final Set<Uncaught> SEEN = ConcurrentHashMap.newKeySet();
    private static final UncaughtExceptionHandler RECORDING = ExceptionProbe::onUncaught;

    private static volatile @Nullable UncaughtExceptionHandler previous;

    /** To be called before the loggers of Netty's classes are made. */
    static void install() {
        watchThreads();
        SwallowedExceptions.install(ExceptionProbe::onLogged);
    }

    /** Puts the handler in place, again if a test has replaced it and not put it back. */
    static void watchThreads() {
        UncaughtExceptionHandler current = Thread.getDefaultUncaughtExceptionHandler();
        if (current != RECORDING) {
            // Only the first one is called on: a later one may call this one, and then they would call each other
            // forever.
            if (previous == null) {
                previous = current;
            }
            Thread.setDefaultUncaughtExceptionHandler(RECORDING);
        }
    }

    private static void onUncaught(Thread thread, Throwable thrown) {
        SEEN.add(new Uncaught("exception ended thread \"" + thread.getName() + "\"", thrown));
        UncaughtExceptionHandler next = previous;
        if (next != null) {
            next.uncaughtException(thread, thrown);
        }
    }

    @Override
    public Set<?> live() {
        return SEEN;
    }

    @Override
    public boolean isLeak(Object suspect) {
        return true;
    }

    @Override
    public String name(Object leak) {
        return ((Uncaught) leak).thrown.toString();
    }

    @Override
    public String describe(Object leak) {
        Uncaught uncaught = (Uncaught) leak;
        return uncaught.where + ": " + Stacks.text(uncaught.thrown);
    }

    @Override
    public String allowedBy(LeakCheck.Allow allow) {
        return allow.uncaught();
    }

    @Override
    public boolean canEnd() {
        return false;
    }

    private static void onLogged(String logger, Throwable thrown) {
        SEEN.add(new Uncaught("exception swallowed by Netty's " + logger, thrown));
    }

    /** Compared by identity: two threads may well fail with equal exceptions. */
    private static final class Uncaught {
        final String where;
        final Throwable thrown;

        Uncaught(String where, Throwable thrown) {
            this.where = where;
            this.thrown = thrown;
        }
    }
}
