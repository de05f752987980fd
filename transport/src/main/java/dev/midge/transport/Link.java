// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.FrameSink;
import dev.midge.protocol.Info;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * One physical connection to a server that has accepted CONNECT. Nothing is read from it until {@link #start}; whoever
 * gets one must start it or close it.
 */
public final class Link {
    private final Channel channel;
    private final FrameHandler frames;
    private final Endpoint endpoint;
    private final InetSocketAddress address;
    private final Info info;
    private final Duration rtt;

    Link(Channel channel, FrameHandler frames, Endpoint endpoint, InetSocketAddress address, Info info, Duration rtt) {
        this.channel = channel;
        this.frames = frames;
        this.endpoint = endpoint;
        this.address = address;
        this.info = info;
        this.rtt = rtt;
    }

    /** To write to. The handshake is over, so nothing written here can come before CONNECT. */
    public Channel channel() {
        return channel;
    }

    /** Where all of the link happens. */
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    /** The server, as it was asked for. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** The address at which the server answered; that of the proxy where there is one. */
    public InetSocketAddress address() {
        return address;
    }

    /** What the server said of itself, as of the end of the handshake. Servers answer CONNECT with more behind it. */
    public Info info() {
        return info;
    }

    /** The time from CONNECT to the server's answer. */
    public Duration rtt() {
        return rtt;
    }

    /**
     * Starts to read, soon behind this call: first what came behind the handshake. On the event loop only, and once.
     *
     * @param sink is given the frames, on the event loop; what it throws ends the link
     * @param listener is told everything else
     */
    public void start(FrameSink sink, LinkListener listener) {
        frames.start(sink, listener);
    }

    /**
     * Stops to read: no frame is delivered behind the current one, and the server is held up by TCP. Little is noticed
     * of a server that goes meanwhile. On the event loop only.
     */
    public void pauseReading() {
        frames.pause();
    }

    /** Undoes {@link #pauseReading}; what was held is delivered soon behind this call. On the event loop only. */
    public void resumeReading() {
        frames.resume();
    }

    /** Whether {@link #pauseReading} was called last. On the event loop only. */
    public boolean readingPaused() {
        return frames.paused();
    }

    /**
     * Ends the link because of something: closes the socket at once, what is held is dropped, and what was not written is
     * not. On the event loop only.
     */
    public void fail(Throwable cause) {
        frames.end(cause);
    }

    /**
     * Ends the link in order: what is held is dropped, and the socket is closed behind what was written and the goodbyes
     * of TLS and WebSocket, or some seconds later if it does not take those. From any thread; does nothing the second time.
     */
    public void close() {
        if (eventLoop().inEventLoop()) {
            frames.end(null);
        } else {
            try {
                eventLoop().execute(() -> frames.end(null));
            } catch (RejectedExecutionException e) {
                var unused = channel.close(); // the event loop has ended and has closed its channels
            }
        }
    }

    /** For logs. */
    @Override
    public String toString() {
        return "link to " + endpoint + " at " + address;
    }
}
