// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JZ_Result;

/** One frame is queued and the event loop awake: whatever comes while it drains is drained, or wakes it again. */
@JCStressTest
@Description("A publisher and the event loop: no lost wake-up, all frames written and counted.")
@Outcome(id = "1, true", expect = Expect.ACCEPTABLE, desc = "the loop was faster: woken again")
@Outcome(id = "[23], true", expect = Expect.ACCEPTABLE, desc = "written in the same turn")
@Outcome(expect = Expect.FORBIDDEN, desc = "a frame stays behind, or the counts are wrong")
@State
public class PublishWhileDraining {
    private final HandOff handOff = new HandOff(1 << 20);

    public PublishWhileDraining() {
        handOff.publish(0);
    }

    @Actor
    public void publisher() {
        handOff.publish(0);
        handOff.publish(0);
    }

    @Actor
    public void eventLoop(JZ_Result r) {
        handOff.turn();
        r.r1 = handOff.loop.bytes / HandOff.FRAME;
    }

    @Arbiter
    public void afterwards(JZ_Result r) {
        handOff.turn();
        r.r2 = handOff.written() == 3 && handOff.queued() == 0 && handOff.addsUp();
    }
}
