// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.testkit.Cut;
import dev.midge.testkit.FrameProxy;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that is cut at every byte, of either side: what {@link CutSweep} checks, with one server or the other. */
@Timeout(180) // some thousand connections each
abstract class StreamFaults {
    /** Made for each test by whoever has the server. */
    abstract CutSweep sweep();

    @ParameterizedTest
    @EnumSource
    void cutAtEveryByteOfTheClient(Cut how) throws Exception {
        sweep().run(FrameProxy::toServer, how);
    }

    @ParameterizedTest
    @EnumSource
    void cutAtEveryByteOfTheServer(Cut how) throws Exception {
        sweep().run(FrameProxy::toClient, how);
    }
}
