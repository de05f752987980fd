// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Stack traces as the failure text shows them. */
final class Stacks {
    /** Enough to get from a Netty buffer's allocation to the test that caused it, and still readable. */
    private static final int MAX_FRAMES = 40;

    private Stacks() {}

    /** From the top down to where JUnit calls the test, without the frames of the leak check's own instruments. */
    static String text(StackTraceElement[] stack) {
        List<StackTraceElement> frames = Arrays.stream(stack)
                .dropWhile(frame -> frame.getClassName().startsWith(ResourceProbe.class.getName()))
                .takeWhile(frame -> !frame.getClassName().startsWith("jdk.internal.reflect."))
                .toList();
        if (frames.isEmpty()) {
            return " (no stack)";
        }
        String text = frames.stream()
                .limit(MAX_FRAMES)
                .map(frame -> "\n        " + frame)
                .collect(Collectors.joining());
        return frames.size() > MAX_FRAMES ? text + "\n        ... " + (frames.size() - MAX_FRAMES) + " more" : text;
    }

    static String text(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        String prefix = "";
        // Bounded, because causes may form a ring.
        Throwable next = thrown;
        for (int i = 0; next != null && i < 5; i++) {
            text.append(prefix).append(next).append(text(next.getStackTrace()));
            prefix = "\n      caused by ";
            next = next.getCause();
        }
        return text.toString();
    }
}
