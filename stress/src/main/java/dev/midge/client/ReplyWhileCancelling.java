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

/** R-D2: the reply to a request comes, or its time is over, while its user cancels it. */
@JCStressTest
@Description("A request that ends in two ways at the same time ends once.")
@Outcome(id = "true, false, true", expect = Expect.ACCEPTABLE, desc = "by the reply")
@Outcome(id = "false, true, true", expect = Expect.ACCEPTABLE, desc = "by the user")
@Outcome(expect = Expect.FORBIDDEN, desc = "both ended it, or nobody, or it still has a place")
@State
public class ReplyWhileCancelling {
    private final PendingIndex<Waiter> index = new PendingIndex<>();
    private final Waiter request = Waiter.in(index, 1);
    private final long token = request.token();

    @Actor
    public void eventLoop(ZZZ_Result r) {
        Waiter found = index.find(token);
        r.r1 = found != null && index.remove(found);
    }

    @Actor
    public void user(ZZZ_Result r) {
        r.r2 = index.remove(request);
    }

    @Arbiter
    public void afterwards(ZZZ_Result r) {
        r.r3 = index.pending() == 0 && index.find(token) == null;
    }
}
