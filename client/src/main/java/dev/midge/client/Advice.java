// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.protocol.Info;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the user's callbacks say before an attempt: how long the servers that failed are left alone, and which is next.
 * Put together on the event loop, asked for off it, and taken by the {@link ServerPool} on it again.
 */
final class Advice {
    private final @Nullable ServerChooser chooser;
    private final @Nullable IntFunction<Duration> delay;
    private final Map<Server, Integer> failures;
    private final List<ServerState> servers;
    private final @Nullable Info info;

    private final Map<Server, Duration> delays = new LinkedHashMap<>();
    private final List<ConnectionEvent> failed = new ArrayList<>();
    private ServerChooser.@Nullable Choice choice;

    /**
     * @param chooser null if it is not its turn
     * @param failures how many in a row, of each server whose delay is not known yet
     */
    Advice(
            @Nullable ServerChooser chooser,
            @Nullable IntFunction<Duration> delay,
            Map<Server, Integer> failures,
            List<ServerState> servers,
            @Nullable Info info) {
        this.chooser = chooser;
        this.delay = delay;
        this.failures = failures;
        this.servers = servers;
        this.info = info;
    }

    /** Calls the user's code, and may block as that does; never throws. */
    @SuppressWarnings("CatchingUnchecked") // it throws what it likes
    Advice ask() {
        IntFunction<Duration> ownDelay = delay;
        if (ownDelay != null) {
            failures.forEach((server, count) -> {
                try {
                    delays.put(server, Reconnect.checkWait("the delay", ownDelay.apply(count)));
                } catch (Throwable e) {
                    failed.add(new ConnectionEvent.CallbackFailed("delay", e));
                }
            });
        }
        if (chooser != null) {
            try {
                choice = chooser.choose(servers, info);
            } catch (Throwable e) {
                failed.add(new ConnectionEvent.CallbackFailed("serverChooser", e));
            }
        }
        return this;
    }

    /** How long to leave servers alone; those are missing for which the callback failed. */
    Map<Server, Duration> delays() {
        return delays;
    }

    ServerChooser.@Nullable Choice choice() {
        return choice;
    }

    /** Callbacks that failed. */
    List<ConnectionEvent> failed() {
        return failed;
    }
}
