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

/** R-D2: a late reply comes while its request gives its place to another one. */
@JCStressTest
@Description("A late reply is not for the request that has the place now.")
@Outcome(id = "true, true, true", expect = Expect.ACCEPTABLE, desc = "it is for its own request, or for none")
@Outcome(expect = Expect.FORBIDDEN, desc = "it is for the other one, or that is lost")
@State
public class ReplyWhilePlaceIsReused {
    private final PendingIndex<Waiter> index = new PendingIndex<>();
    private final Waiter first = Waiter.in(index, 1);
    private final long token = first.token();
    private Waiter second = first;

    @Actor
    public void eventLoop(ZZZ_Result r) {
        Waiter found = index.find(token);
        r.r1 = found == null || found == first;
    }

    @Actor
    public void user(ZZZ_Result r) {
        r.r2 = index.remove(first);
        second = Waiter.in(index, 1);
    }

    @Arbiter
    public void afterwards(ZZZ_Result r) {
        r.r3 = index.pending() == 1 && index.find(second.token()) == second && !index.contains(first);
    }
}
