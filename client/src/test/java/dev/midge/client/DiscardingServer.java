// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Takes one connection, and answers nothing behind its handshake; keeps nothing of what comes. */
final class DiscardingServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Thread thread = new Thread(this::serve, "discarding-server");

    DiscardingServer() {
        try {
            listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.start();
    }

    String url() {
        return "nats://127.0.0.1:" + listener.getLocalPort();
    }

    private void serve() {
        try (Socket socket = listener.accept()) {
            socket.getOutputStream().write(Session.INFO.getBytes(US_ASCII));
            InputStream in = socket.getInputStream();
            StringBuilder handshake = new StringBuilder();
            while (handshake.indexOf("PING\r\n") < 0) {
                handshake.append((char) in.read());
            }
            socket.getOutputStream().write("PONG\r\n".getBytes(US_ASCII));
            byte[] some = new byte[64 << 10];
            int count = 0;
            while (count >= 0) {
                count = in.read(some);
            }
        } catch (IOException e) {
            // closed
        }
    }

    /** To be called when the client has gone, or is going to. */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
