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
import org.openjdk.jcstress.infra.results.JZZ_Result;

/** A message is published at the moment at which the connection ends: it is refused, written, or reported. */
@JCStressTest
@Description("A publisher and the end: accepted = written + reported, nothing stays queued.")
@Outcome(id = "[01], false, true", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(id = "[012], true, true", expect = Expect.ACCEPTABLE, desc = "accepted, then written or reported")
@Outcome(expect = Expect.FORBIDDEN, desc = "neither written nor reported, or the counts are wrong")
@State
public class PublishWhileDiscarding {
    @SuppressWarnings("StaticAssignmentOfThrowable") // where it was made says nothing here
    private static final Exception CAUSE = new Exception("the end");

    private final HandOff handOff = new HandOff(1 << 20);

    public PublishWhileDiscarding() {
        handOff.publish(0);
    }

    @Actor
    public void publisher(JZZ_Result r) {
        r.r2 = handOff.publish(0) == dev.midge.transport.Outcome.ACCEPTED;
    }

    @Actor
    public void eventLoop() {
        handOff.loop.run(() -> handOff.buffer.discard(CAUSE));
    }

    @Arbiter
    public void afterwards(JZZ_Result r) {
        handOff.turn();
        r.r1 = handOff.reported();
        long accepted = r.r2 ? 2 : 1;
        r.r3 = handOff.queued() == 0 && handOff.written() + handOff.reported() == accepted && handOff.addsUp();
    }
}
