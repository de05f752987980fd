// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.ConnectionStatus;
import java.util.concurrent.TimeUnit;

/** Registers a client anew whose session was lost, until that succeeds, with its subscriptions. Of the event loop. */
final class Reestablishment {
    /** A server tells one's own former registration from another client's only when it has given up on it. */
    private static final int MOST_TIMES_IN_USE = 10;

    private final Lifecycle lifecycle;
    private final StanEndReason reason;
    private int timesInUse;

    /** @param reason of the loss */
    Reestablishment(Lifecycle lifecycle, StanEndReason reason) {
        this.lifecycle = lifecycle;
        this.reason = reason;
    }

    void attempt(int number) {
        if (!lifecycle.isLost()) {
            return;
        }
        if (lifecycle.nats().connection().status() != ConnectionStatus.CONNECTED) {
            later(number);
            return;
        }
        var unused = Registration.start(lifecycle).whenComplete((registered, failure) -> {
            if (!lifecycle.isLost()) {
                if (failure == null) {
                    var unusedToo = registered.sayGoodbye(lifecycle.nats()); // it was closed meanwhile
                }
            } else if (failure == null) {
                succeeded(number, registered);
            } else {
                failed(number, failure);
            }
        });
    }

    private void succeeded(int number, Session registered) {
        lifecycle.begin(registered);
        var unused = lifecycle.subscriptions().reopen(registered).whenComplete((all, never) -> {
            if (lifecycle.session() == registered) {
                lifecycle.nats().reports().emit(new StanEvent.Reestablished(number));
            }
        });
    }

    private void failed(int number, Throwable cause) {
        lifecycle.nats().reports().emit(new StanEvent.ReestablishFailed(number, cause));
        boolean inUse = cause instanceof StanServerException e && e.error() == StanError.CLIENT_ID_IN_USE;
        timesInUse = inUse ? timesInUse + 1 : 0;
        if (timesInUse >= MOST_TIMES_IN_USE) {
            lifecycle.finish(reason, cause);
        } else {
            later(number + 1);
        }
    }

    private void later(int number) {
        var unused = lifecycle
                .nats()
                .schedule(
                        () -> attempt(number),
                        TimeUnit.NANOSECONDS.convert(lifecycle.nats().options().reestablishWait()));
    }
}
