// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A client's connection to a {@link FrameProxy}, and the proxy's to the server: two sockets and two pumps. */
final class ProxiedConnection {
    /** The server is as near as the client; one that does not accept within this is not there. */
    private static final int CONNECT_MILLIS = 10_000;

    private final FrameProxy proxy;
    private final int number;
    private final Socket client;
    private final Socket server = new Socket();
    private final Thread starter;
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Thread second;
    private @Nullable Pump toServer;
    private @Nullable Pump toClient;
    private int running;
    private boolean receiverGone;

    private volatile boolean over;

    ProxiedConnection(FrameProxy proxy, int number, Socket client) {
        this.proxy = proxy;
        this.number = number;
        this.client = client;
        this.starter = thread(this::connect, "to-server");
    }

    private Thread thread(Runnable task, String direction) {
        Thread thread = new Thread(task, "frame-proxy-" + proxy.port() + "-" + number + "-" + direction);
        thread.setDaemon(true);
        return thread;
    }

    int number() {
        return number;
    }

    /** Nothing passes any more. */
    boolean isOver() {
        return over;
    }

    void start() {
        starter.start();
    }

    private void connect() {
        ProxySettings settings = proxy.settings();
        Pump first;
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            if (settings.socketBuffer() > 0) {
                client.setSendBufferSize(settings.socketBuffer());
                server.setSendBufferSize(settings.socketBuffer());
                server.setReceiveBufferSize(settings.socketBuffer());
            }
            server.connect(new InetSocketAddress(settings.host(), settings.port()), CONNECT_MILLIS);
            first = begin();
        } catch (IOException e) {
            reset(); // as if there were no proxy
            proxy.ended(this);
            return;
        }
        first.run();
    }

    private Pump begin() throws IOException {
        Pump up = pump(proxy.toServer(), client, server);
        Pump down = pump(proxy.toClient(), server, client);
        Thread thread = thread(down, "to-client");
        lock.lock();
        try {
            toServer = up;
            toClient = down;
            second = thread;
            running = 2;
        } finally {
            lock.unlock();
        }
        thread.start();
        return up;
    }

    private Pump pump(ProxyDirection direction, Socket from, Socket to) throws IOException {
        return new Pump(direction, this, from.getInputStream(), new Outlet(direction, this, to.getOutputStream()));
    }

    /** Nothing passes any more. What has passed is read by both sides before the end, if it is FIN. Any thread. */
    void cut(Cut how) {
        if (how == Cut.RST) {
            reset();
            return;
        }
        over = true;
        shutdownOutput(client);
        shutdownOutput(server);
        proxy.signal().changed();
    }

    /** Ends it for both sides at once. Any thread. */
    void reset() {
        over = true;
        close(client, true);
        close(server, true);
        proxy.signal().changed();
    }

    /** Stops both directions. */
    void blackHole() {
        Pump up = toServer;
        Pump down = toClient;
        if (up != null && down != null) {
            up.outlet().hold();
            down.outlet().hold();
        }
    }

    /** A pump has come to the end of what its sender sends; so its receiver gets no more. */
    void shutdownOutput(Pump pump) {
        shutdownOutput(pump == toServer ? server : client);
    }

    /** The receiver of a pump takes nothing any more: its sender is to be told by a reset, once all else is done. */
    void receiverGone() {
        lock.lock();
        try {
            receiverGone = true;
        } finally {
            lock.unlock();
        }
    }

    /** A rule cannot be applied. */
    void failed(String text) {
        proxy.failed(text);
    }

    /** A pump is at its end. */
    void ended(Pump pump) {
        boolean reset;
        lock.lock();
        try {
            if (--running > 0) {
                return;
            }
            reset = receiverGone;
        } finally {
            lock.unlock();
        }
        over = true;
        close(client, reset);
        close(server, reset);
        proxy.ended(this);
    }

    /** Waits for its threads, behind {@link #reset}. */
    void join() throws InterruptedException {
        starter.join();
        Thread thread;
        lock.lock();
        try {
            thread = second;
        } finally {
            lock.unlock();
        }
        if (thread != null) {
            thread.join();
        }
    }

    private static void shutdownOutput(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // closed already, or never connected
        }
    }

    private static void close(Socket socket, boolean reset) {
        try {
            if (reset && !socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // closed at the same time
        }
        try {
            socket.close();
        } catch (IOException e) {
            // nothing left to do for it
        }
    }
}
