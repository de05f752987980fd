// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.concurrent.atomic.AtomicInteger;

/** Drains its connection and has nothing more to do, for {@link DrainIT}. */
final class DrainingProgram {
    private DrainingProgram() {}

    public static void main(String[] url) {
        AtomicInteger handled = new AtomicInteger();
        Connection nc = Patient.connect(url[0]);
        nc.subscribe("ending", message -> handled.incrementAndGet());
        for (int i = 0; i < 100; i++) {
            nc.publish("ending", "x");
        }
        DrainResult result = nc.drain(Session.LONG);
        System.out.println("handled " + handled.get());
        System.out.println(result);
    }
}
