// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Puts the {@link LeakCheck}'s instruments in place before any test engine loads a class that uses Netty. Found by
 * the JUnit Platform through {@code META-INF/services}; nobody else calls it.
 */
@SuppressWarnings("exports") // whoever calls it has the launcher; whoever uses the testkit need not read it
public final class LeakCheckSessionListener implements LauncherSessionListener {
    /** For the service loader. */
    public LeakCheckSessionListener() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        LeakCheck.install();
    }
}
