// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.time.Duration;
import java.util.Objects;

/**
 * A place in the stream of one direction, in each connection, at which something is to happen. Immutable, and does
 * nothing by itself: {@link #cut}, {@link #drop} and the others each add a rule that happens there.
 *
 * <p>A rule counts for connections that are under way too, from the next bytes that come on.
 */
public final class FaultPoint {
    private final ProxyDirection direction;
    private final Place place;
    private final int connection;

    FaultPoint(ProxyDirection direction, Place place, int connection) {
        this.direction = direction;
        this.place = place;
        this.connection = connection;
    }

    /**
     * The same place, in one connection only.
     *
     * @param number of the connections that clients made, from 1 on
     * @throws IllegalArgumentException if the number is not positive
     */
    public FaultPoint onConnection(int number) {
        return new FaultPoint(direction, place, (int) FrameProxy.checkPositive("number", number));
    }

    /**
     * The byte so many bytes behind the first one of the frame. Nothing happens in a frame that is not longer.
     *
     * @throws IllegalArgumentException if the number is negative
     * @throws IllegalStateException if this is not the place of a frame
     */
    public FaultPoint plus(long bytes) {
        FrameProxy.checkNotNegative("bytes", bytes);
        if (!(place instanceof Place.AtFrame at)) {
            throw new IllegalStateException(
                    "plus(" + bytes + ") at " + place.text() + ": must be the place of a frame");
        }
        return new FaultPoint(
                direction, new Place.AtFrame(at.kind(), at.ordinal(), bytes, at.probability()), connection);
    }

    /** Ends the connection as soon as all that comes before has passed; nothing of what comes behind does. */
    public Fault cut(Cut how) {
        return add(new Action.End(Objects.requireNonNull(how, "how")));
    }

    /** Leaves out the frame, or the one byte. */
    public Fault drop() {
        return add(new Action.Drop());
    }

    /** Changes one bit, which the seed selects: of any byte of the frame, or of the one byte. */
    public Fault corrupt() {
        return add(new Action.Corrupt());
    }

    /**
     * Lets the frame or the byte, and all behind it, wait.
     *
     * @throws IllegalArgumentException if the time is not positive
     */
    public Fault delay(Duration time) {
        FrameProxy.checkPositive("time in nanoseconds", time.toNanos());
        return add(new Action.Delay(time));
    }

    /** Stops this direction of the connection here, until {@link ProxyDirection#release}. */
    public Fault hold() {
        return add(new Action.Hold());
    }

    /** Stops both directions of the connection, as {@link FrameProxy#blackHole} does for all of them. */
    public Fault blackHole() {
        return add(new Action.BlackHole());
    }

    private Fault add(Action action) {
        return direction.add(place, action, connection);
    }
}
