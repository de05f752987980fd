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
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A publisher finds the buffer full while the event loop empties it. */
@JCStressTest
@Description("A publisher waits for space: whoever makes it sees him, or he sees the space.")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "accepted soon, written and counted")
@Outcome(expect = Expect.FORBIDDEN, desc = "not told of the space, or a frame stays behind")
@State
public class WaitForSpace {
    private final HandOff handOff = new HandOff(HandOff.FRAME);

    public WaitForSpace() {
        handOff.publish(0);
    }

    @Actor
    public void publisher(ZZ_Result r) {
        long start = System.nanoTime();
        boolean accepted = handOff.publish(HandOff.LONG_NANOS) == dev.midge.transport.Outcome.ACCEPTED;
        r.r1 = accepted && System.nanoTime() - start < HandOff.LONG_NANOS / 2;
    }

    @Actor
    public void eventLoop() {
        handOff.turn();
    }

    @Arbiter
    public void afterwards(ZZ_Result r) {
        handOff.turn();
        r.r2 = handOff.written() == 2 && handOff.queued() == 0 && handOff.addsUp();
    }
}
