// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.util.Set;

/** Finds one kind of thing that a test may leave behind. What is alive now and was not at the baseline is a suspect. */
interface LeakProbe {
    /** Everything of this kind that is alive now, without filtering: called often, so it has to be cheap. */
    Set<?> live();

    /** Whether a suspect is a leak at all, or something that the JDK, JUnit or Netty keep on purpose. */
    boolean isLeak(Object suspect);

    /** What is matched against the regular expressions of {@link LeakCheck.Allow}. */
    String name(Object leak);

    /** For the failure text: one line that says what it is, and the stack trace that tells where it comes from. */
    String describe(Object leak);

    /** The regular expression of {@link LeakCheck.Allow} that concerns this kind; empty for none. */
    String allowedBy(LeakCheck.Allow allow);

    /** Whether it can still go away by itself, so that waiting makes sense. */
    default boolean canEnd() {
        return true;
    }
}
