// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** R-D1: a request is made while the event loop looks through the deadlines of others. */
@JCStressTest
@Description("A deadline is seen, or the timer is set to it.")
@Outcome(id = "true, true, true", expect = Expect.ACCEPTABLE, desc = "nobody is forgotten")
@Outcome(expect = Expect.FORBIDDEN, desc = "one waits for ever, or ends twice, or too early")
@State
public class AddWhileTicking {
    private static final long NOW = 100;
    private static final long SOON = 120;
    private static final long LATER = 1_000;

    private final PendingIndex<Waiter> index = new PendingIndex<>();
    private final Waiter due = Waiter.in(index, 1);
    private final Waiter added = new Waiter();

    public AddWhileTicking() {
        Waiter.in(index, LATER);
    }

    @Actor
    public void eventLoop(ZZZ_Result r) {
        var ended = index.due(NOW, 10);
        r.r1 = ended.size() == 1 && ended.get(0) == due && index.remove(due);
    }

    @Actor
    public void user(ZZZ_Result r) {
        index.add(added, SOON, IllegalStateException::new);
        r.r2 = true;
    }

    @Arbiter
    public void afterwards(ZZZ_Result r) {
        boolean armed = index.armedFor() == SOON;
        r.r3 = armed && index.pending() == 2 && index.due(SOON, 10).contains(added);
    }
}
