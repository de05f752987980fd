// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.transport.ConnectFailedException.Reason;
import org.jspecify.annotations.Nullable;

/** Is told, once and on the event loop, how a step that comes before NATS ended. */
interface StepListener {
    /** What is behind the step in the pipeline talks to the server. */
    void done();

    /**
     * The attempt is over.
     *
     * @param what for the text of the exception
     */
    void failed(Reason reason, String what, @Nullable Throwable cause);
}
