// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The least of a NATS client, to ask a server whether it is there. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader reader;
    private final String info;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        info = readLine();
    }

    String info() {
        return info;
    }

    String ask(String line) throws IOException {
        send(line);
        return readLine();
    }

    void send(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The next line, but for a PING, which comes two seconds after CONNECT; "null" when the connection has ended. */
    String readLine() throws IOException {
        String line = String.valueOf(reader.readLine());
        return line.equals("PING") ? readLine() : line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
