// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A socket that speaks bytes. Reads wait for 20 s at most. */
final class PlainClient implements AutoCloseable {
    /** What a socket gave until it ended. */
    record End(String text, boolean reset) {}

    private final Socket socket;

    PlainClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
    }

    PlainClient send(String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(ISO_8859_1));
        return this;
    }

    String read(int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), ISO_8859_1);
    }

    /** All until the end of the stream. */
    End readToEnd() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            byte[] buffer = new byte[8192];
            for (int count; (count = socket.getInputStream().read(buffer)) >= 0; ) {
                bytes.write(buffer, 0, count);
            }
            return new End(bytes.toString(ISO_8859_1), false);
        } catch (SocketException e) {
            return new End(bytes.toString(ISO_8859_1), true);
        } catch (IOException e) {
            throw new UncheckedIOException("after " + bytes.toString(ISO_8859_1), e);
        }
    }

    PlainClient shutdownOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
