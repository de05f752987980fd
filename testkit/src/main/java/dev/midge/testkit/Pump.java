// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.io.IOException;
import java.io.InputStream;

/** The thread of one direction of a connection: reads, finds the frames, and gives them to its {@link Outlet}. */
final class Pump implements Runnable {
    /** All that is read before it is passed on. */
    private static final int READ_BYTES = 64 << 10;

    private static final int QUOTED_BYTES = 16;

    private final ProxyDirection direction;
    private final ProxiedConnection connection;
    private final InputStream in;
    private final Outlet outlet;
    private final FrameSplitter splitter;
    private final FrameCounts counts = new FrameCounts();

    /** A rule may concern the frame whose control line is incomplete, so nothing of that passes yet. */
    private boolean lineWaits;

    private long droppedBeforeFrame;
    private boolean wasOpaque;

    Pump(ProxyDirection direction, ProxiedConnection connection, InputStream in, Outlet outlet) {
        this.direction = direction;
        this.connection = connection;
        this.in = in;
        this.outlet = outlet;
        ProxySettings settings = direction.settings();
        this.splitter = new FrameSplitter(direction.isTowardsServer(), settings.maxControlLine(), settings.bytesOnly());
    }

    Outlet outlet() {
        return outlet;
    }

    @Override
    public void run() {
        try {
            relay();
        } catch (IOException e) {
            connection.receiverGone(); // the other direction is going to see how it went
        } catch (InterruptedException e) {
            connection.reset(); // nobody interrupts this thread but who wants it to end
        } finally {
            connection.ended(this);
        }
    }

    private void relay() throws IOException, InterruptedException {
        byte[] buffer = new byte[READ_BYTES];
        boolean passing = outlet.settle();
        while (true) {
            if (passing) {
                outlet.awaitOpen();
            }
            int count = read(buffer);
            if (count < 0) {
                break;
            }
            direction.bytesSeen(count);
            try {
                passing = take(buffer, count, passing);
            } finally {
                direction.signal().changed();
            }
        }
        finish(passing);
    }

    /** How many bytes came; less than 0 behind the last one. A connection that was reset is reset for both. */
    private int read(byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            if (!connection.isOver()) {
                connection.reset();
            }
            return -1;
        }
    }

    private void finish(boolean passing) throws IOException, InterruptedException {
        if (passing && lineWaits && !splitter.isOpaque()) {
            boolean unused = outlet.pass(splitter.line(), 0, splitter.lineLength()) && outlet.flush();
        }
        connection.shutdownOutput(this);
    }

    /** @return whether what comes next is to be passed on; what comes behind a cut is merely looked at */
    private boolean take(byte[] bytes, int count, boolean wasPassing) throws IOException, InterruptedException {
        boolean passing = wasPassing;
        int at = 0;
        while (at < count) {
            boolean frameBegins = splitter.isAtFrameStart();
            if (frameBegins) {
                lineWaits = passing && !outlet.frameFaults().isEmpty();
                droppedBeforeFrame = outlet.dropped();
            }
            int end = splitter.scan(bytes, at, count);
            seen(bytes, at, end, frameBegins);
            passing = passing && passUnlessCut(bytes, at, end);
            at = end;
        }
        return passing && outlet.flush();
    }

    private void seen(byte[] bytes, int from, int to, boolean frameBegins) {
        if (splitter.isLineComplete()) {
            counts.add(splitter.kind(), 1);
        }
        Frame ended = splitter.isFrameEnded() ? splitter.kind() : null;
        Recording recording = direction.recording();
        if (recording != null) {
            recording.add(connection.number(), bytes, from, to, frameBegins, ended);
        }
        if (ended != null) {
            direction.frameSeen(ended);
        }
    }

    /** The other direction's thread may cut the connection while this one writes: then too the rest is looked at. */
    private boolean passUnlessCut(byte[] bytes, int from, int to) throws IOException, InterruptedException {
        try {
            return pass(bytes, from, to);
        } catch (IOException e) {
            if (connection.isOver()) {
                return false;
            }
            throw e;
        }
    }

    private boolean pass(byte[] bytes, int from, int to) throws IOException, InterruptedException {
        boolean passed;
        if (splitter.isOpaque()) {
            passed = passOpaque(bytes, from, to);
        } else if (!lineWaits) {
            passed = outlet.pass(bytes, from, to);
        } else if (splitter.isLineComplete()) {
            lineWaits = false;
            outlet.frame(splitter.kind(), counts.get(splitter.kind()), splitter.frameLength());
            passed = outlet.pass(splitter.line(), 0, splitter.lineLength());
        } else {
            return true;
        }
        if (passed && splitter.isFrameEnded() && outlet.dropped() == droppedBeforeFrame) {
            outlet.framePassed(splitter.kind());
        }
        return passed && outlet.settle();
    }

    private boolean passOpaque(byte[] bytes, int from, int to) throws IOException, InterruptedException {
        for (Fault fault : outlet.frameFaults()) {
            if (isStillToCome(fault)) {
                connection.failed("cannot apply the rule \"" + fault + "\": what connection " + connection.number()
                        + " sends towards the " + direction.name()
                        + " is not the plain NATS protocol, from here on: " + quote(bytes, from, to)
                        + "; use rules for bytes, at(offset)");
                connection.reset();
                return false;
            }
        }
        boolean begins = !wasOpaque && lineWaits;
        wasOpaque = true;
        return begins ? outlet.pass(splitter.line(), 0, splitter.lineLength()) : outlet.pass(bytes, from, to);
    }

    /** A rule for the third INFO has had its chance when three have come in plain. */
    private boolean isStillToCome(Fault fault) {
        Place.AtFrame at = (Place.AtFrame) fault.place();
        return !fault.isRemoved() && (at.ordinal() == 0 || counts.get(at.kind()) < at.ordinal());
    }

    private String quote(byte[] bytes, int from, int to) {
        boolean inLine = splitter.lineLength() > 0;
        byte[] source = inLine ? splitter.line() : bytes;
        int begin = inLine ? 0 : from;
        int end = Math.min(begin + QUOTED_BYTES, inLine ? splitter.lineLength() : to);
        StringBuilder text = new StringBuilder();
        for (int i = begin; i < end; i++) {
            text.append(
                    source[i] >= ' ' && source[i] < 127
                            ? String.valueOf((char) source[i])
                            : String.format("\\x%02x", source[i]));
        }
        return text.toString();
    }
}
