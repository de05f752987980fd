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

/**
 * Two threads publish into an empty buffer while its event loop turns, on the thread of one of them: jcstress
 * leaves out tests that have more threads than the machine has processors.
 */
@JCStressTest
@Description("Two publishers and the event loop: no lost wake-up, all frames written and counted.")
@Outcome(id = "[0-3], true", expect = Expect.ACCEPTABLE, desc = "some written in the turn, the others wake it")
@Outcome(expect = Expect.FORBIDDEN, desc = "a frame stays behind, or the counts are wrong")
@State
public class TwoPublishers {
    private final HandOff handOff = new HandOff(1 << 20);

    @Actor
    public void publisher() {
        handOff.publish(0);
        handOff.publish(0);
    }

    @Actor
    public void publisherAndEventLoop(JZ_Result r) {
        handOff.publish(0);
        handOff.turn();
        r.r1 = handOff.loop.bytes / HandOff.FRAME;
        handOff.publish(0);
    }

    @Arbiter
    public void afterwards(JZ_Result r) {
        handOff.turn();
        r.r2 = handOff.written() == 4 && handOff.queued() == 0 && handOff.addsUp();
    }
}
