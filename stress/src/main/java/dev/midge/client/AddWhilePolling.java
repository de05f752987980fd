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

/** A thread waits in next() while a batch is added, of which another takes a part. */
@JCStressTest
@Description("Threads that wait for a message: each gets one, soon.")
@Outcome(id = "true, true, true", expect = Expect.ACCEPTABLE, desc = "each has one")
@Outcome(expect = Expect.FORBIDDEN, desc = "one waits in vain, or the counts are wrong")
@State
public class AddWhilePolling {
    private final PendingQueue queue = Queues.newQueue(false);

    @Actor
    public void one(ZZZ_Result r) {
        r.r1 = Queues.pollsSoon(queue);
    }

    @Actor
    public void eventLoopAndOther(ZZZ_Result r) {
        Queues.add(queue, 2);
        r.r2 = Queues.pollsSoon(queue);
    }

    @Arbiter
    public void afterwards(ZZZ_Result r) {
        r.r3 = queue.pendingMessages() == 0;
    }
}
