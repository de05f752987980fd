// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/**
 * A client that is nothing but a socket: says bytes, and hears what it should or fails. A character is a byte.
 *
 * <p>Servers send a PING two seconds after CONNECT, which on a slow machine may be in the middle of a test: it is passed
 * over where another frame should begin.
 */
final class WireClient implements AutoCloseable {
    /** What a socket gave until it ended. */
    record End(String text, boolean reset) {}

    private static final String PING = "PING\r\n";

    private static final int TIMEOUT_MILLIS = 30_000;

    private Socket socket;
    private InputStream in;

    WireClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 65_536);
    }

    /** Connects, and reads nothing. */
    static WireClient silent(int port) {
        try {
            return new WireClient(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects, and reads the INFO. */
    static WireClient connect(int port) {
        WireClient client = silent(port);
        client.info();
        return client;
    }

    /** Connects and sends a CONNECT: not verbose, not pedantic, headers and no-responders, and these members. */
    static WireClient connect(int port, String members) {
        return connect(port)
                .say("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true" + members
                        + "}\r\n");
    }

    Socket socket() {
        return socket;
    }

    /** From now on speaks through another socket, one around this one's. */
    void upgrade(Socket other) throws IOException {
        socket = other;
        in = new BufferedInputStream(other.getInputStream());
    }

    WireClient shutdownOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Closes the connection with an RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    WireClient say(String text) {
        return say(text.getBytes(ISO_8859_1));
    }

    WireClient say(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Likewise, in pieces of this size. A server that has closed meanwhile does not matter. */
    WireClient sayInPieces(int size, String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        try {
            for (int i = 0; i < bytes.length; i += size) {
                socket.getOutputStream().write(bytes, i, Math.min(size, bytes.length - i));
            }
        } catch (IOException e) {
            // What the server had to say is to be read all the same.
        }
        return this;
    }

    /** The JSON of an INFO line. */
    String info() {
        String line = line();
        if (!line.startsWith("INFO {") || !line.endsWith("} \r\n")) {
            throw new AssertionError("no INFO line: " + line);
        }
        return line.substring(5, line.length() - 3);
    }

    String line() {
        String line = withMore("", 1);
        while (!line.endsWith("\n") && !line.isEmpty()) {
            String longer = withMore(line, line.length() + 1);
            if (longer.equals(line)) {
                return line;
            }
            line = longer;
        }
        return line.equals(PING) ? line() : line;
    }

    /** Reads so many bytes, or fewer if the stream ends; they need not be frames. */
    String read(int count) throws IOException {
        return new String(in.readNBytes(count), ISO_8859_1);
    }

    /** All until the end of the stream. */
    End readToEnd() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            in.transferTo(bytes);
            return new End(bytes.toString(ISO_8859_1), false);
        } catch (SocketException e) {
            return new End(bytes.toString(ISO_8859_1), true);
        } catch (IOException e) {
            throw new UncheckedIOException("after " + bytes.toString(ISO_8859_1), e);
        }
    }

    /** Reads just what it should be. */
    WireClient hears(String expected) {
        String heard = withMore("", expected.length());
        while (!heard.equals(expected)) {
            int ping = whereAPingMayBe(heard, expected);
            String whole = ping < 0 ? heard : withMore(heard, ping + PING.length());
            if (ping < 0 || !whole.startsWith(PING, ping)) {
                throw new AssertionError("expected to hear\n" + show(expected) + "\nbut heard\n" + show(heard));
            }
            heard = withMore(whole.substring(0, ping) + whole.substring(ping + PING.length()), expected.length());
        }
        return this;
    }

    /** Where the two begin to differ, as a line begins there, or has just begun as PONG does, too; else -1. */
    private static int whereAPingMayBe(String heard, String expected) {
        int at = 0;
        while (at < heard.length() && at < expected.length() && heard.charAt(at) == expected.charAt(at)) {
            at++;
        }
        for (int begin = at; begin >= Math.max(0, at - 1); begin--) {
            String from = heard.substring(begin, Math.min(heard.length(), begin + PING.length()));
            if ((begin == 0 || heard.charAt(begin - 1) == '\n') && !from.isEmpty() && PING.startsWith(from)) {
                return begin;
            }
        }
        return -1;
    }

    /** What comes next is the answer to a PING: the connection is there, and there was nothing else to hear. */
    WireClient stays() {
        return say("PING\r\n").hears("PONG\r\n");
    }

    /** The server closes without another word. */
    void ends() {
        try {
            String rest = withMore("", 1);
            while (rest.equals("P") && withMore(rest, PING.length()).equals(PING)) {
                rest = withMore("", 1);
            }
            if (!rest.isEmpty()) {
                throw new AssertionError("expected the end, but heard " + show(rest));
            }
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof SocketException)) {
                throw e;
            }
        }
    }

    /** Reads until the end, and how much it was. */
    int countToEnd() throws IOException {
        return (int) in.transferTo(OutputStream.nullOutputStream());
    }

    /** So many bytes in all, or fewer if there are no more. */
    private String withMore(String heard, int length) {
        byte[] bytes = Arrays.copyOf(heard.getBytes(ISO_8859_1), Math.max(heard.length(), length));
        int count = heard.length();
        try {
            for (int n = 0; n >= 0 && count < length; count += Math.max(0, n)) {
                n = in.read(bytes, count, length - count);
            }
        } catch (SocketTimeoutException e) {
            String all = new String(bytes, 0, count, ISO_8859_1);
            throw new AssertionError("waited in vain, having heard " + show(all), e);
        } catch (IOException e) {
            if (count == 0) {
                throw new UncheckedIOException(e);
            }
        }
        return new String(bytes, 0, count, ISO_8859_1);
    }

    private static String show(String text) {
        return "\"" + text.replace("\r", "\\r").replace("\n", "\\n") + "\"";
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
