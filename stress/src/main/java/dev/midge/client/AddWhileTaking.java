// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZZ_Result;

/** A handler works off its messages and becomes idle while the event loop adds more. */
@JCStressTest
@Description("A consumer that becomes idle: it takes what is added, or is started again.")
@Outcome(id = "1, true, true", expect = Expect.ACCEPTABLE, desc = "idle before: started again")
@Outcome(id = "3, false, true", expect = Expect.ACCEPTABLE, desc = "taken in the same run")
@Outcome(
        expect = Expect.FORBIDDEN,
        desc = "messages stay behind, or the consumer is started twice, or the counts are wrong")
@State
public class AddWhileTaking {
    private final PendingQueue queue = Queues.newQueue(true);
    private int taken;

    public AddWhileTaking() {
        Queues.add(queue, 1); // and the consumer is running
    }

    @Actor
    public void eventLoop(IZZ_Result r) {
        r.r2 = Queues.add(queue, 2);
    }

    @Actor
    public void consumer(IZZ_Result r) {
        takeAll();
        r.r1 = taken;
    }

    @Arbiter
    public void afterwards(IZZ_Result r) {
        if (r.r2) {
            takeAll();
        }
        r.r3 = taken == 3 && queue.pendingMessages() == 0 && queue.pendingBytes() == 0;
    }

    private void takeAll() {
        @Nullable Message[] batch = new Message[2];
        for (int count = queue.take(batch, 2); count > 0; count = queue.take(batch, 2)) {
            for (int i = 1; i < count; i++) {
                queue.consumed(Queues.SIZE);
            }
            taken += count;
        }
    }
}
