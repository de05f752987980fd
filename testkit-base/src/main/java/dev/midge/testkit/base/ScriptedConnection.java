// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One connection of a {@link ScriptedServer}, as its script sees it. The steps are taken one after the other by the
 * script's thread; each blocks until it is done, at most for the server's timeout, and throws an {@link
 * AssertionError} when it cannot be done. Strings are UTF-8.
 */
public final class ScriptedConnection {
    private final String name;
    private final Socket socket;
    private final Duration timeout;
    private final ReceivedBytes received;

    private volatile Progress progress = new Progress(0, "not begun");
    private volatile boolean complete;
    private boolean drain = true;

    ScriptedConnection(String name, Socket socket, Duration timeout) throws IOException {
        this.name = name;
        this.socket = socket;
        this.timeout = timeout;
        // What one step sends must not wait for the next one's bytes.
        socket.setTcpNoDelay(true);
        received = new ReceivedBytes(socket);
    }

    /** Sends the text, in one write. */
    public ScriptedConnection send(String text) {
        return send(bytes(text));
    }

    /** Sends the bytes, in one write. */
    public ScriptedConnection send(byte[] bytes) {
        return step(
                "send(" + quote(bytes) + ")",
                deadline -> socket.getOutputStream().write(bytes));
    }

    /** As {@link #sendInPieces(int, byte[])}. */
    public ScriptedConnection sendInPieces(int size, String text) {
        return sendInPieces(size, bytes(text));
    }

    /**
     * Sends the bytes in as many writes, and usually TCP segments, as it takes with this many bytes each; 1 sends
     * byte by byte. A peer that reads late still gets several of them at once.
     *
     * @throws IllegalArgumentException when the size is not positive
     */
    public ScriptedConnection sendInPieces(int size, byte[] bytes) {
        if (size < 1) {
            throw new IllegalArgumentException("size is " + size + ", but has to be positive");
        }
        return step("sendInPieces(" + size + ", " + quote(bytes) + ")", deadline -> {
            for (int from = 0; from < bytes.length; from += size) {
                socket.getOutputStream().write(bytes, from, Math.min(size, bytes.length - from));
            }
        });
    }

    /** Expects that exactly this text comes next. */
    public ScriptedConnection expect(String text) {
        return expect(bytes(text));
    }

    /** Expects that exactly these bytes come next; fails at the first byte that differs. */
    public ScriptedConnection expect(byte[] bytes) {
        return step("expect(" + quote(bytes) + ")", deadline -> received.expect(bytes, deadline));
    }

    /** Expects that the next line, up to CR LF and without it, matches the whole regular expression. */
    public ScriptedConnection expectLine(String regex) {
        Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
        return step("expectLine(" + regex + ")", deadline -> {
            String line = line(deadline);
            if (!pattern.matcher(line).matches()) {
                throw new IOException("got the line " + quote(bytes(line)));
            }
        });
    }

    /** Expects this text somewhere in what comes next, and takes all up to its end. */
    public ScriptedConnection expectUntil(String end) {
        return step("expectUntil(" + quote(bytes(end)) + ")", deadline -> received.until(bytes(end), deadline));
    }

    /** Expects that the peer closes the connection, orderly or by a reset, and sends nothing before. */
    public ScriptedConnection expectEnd() {
        return step("expectEnd()", received::expectEnd);
    }

    /** The next line, without its CR LF. */
    public String readLine() {
        return take("readLine()", this::line);
    }

    /** All that comes next, up to and with this text. */
    public String readUntil(String end) {
        return take(
                "readUntil(" + quote(bytes(end)) + ")",
                deadline -> new String(received.until(bytes(end), deadline), StandardCharsets.UTF_8));
    }

    /** The next bytes, exactly this many. */
    public byte[] read(int count) {
        return take("read(" + count + ")", deadline -> received.take(count, deadline));
    }

    /** Waits for the test; meanwhile nothing is read, and what comes stays in the socket. */
    public ScriptedConnection await(CountDownLatch latch) {
        return step("await(latch)", deadline -> {
            if (!latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the latch's count is still " + latch.getCount());
            }
        });
    }

    /** Tells the test that the script has come this far. */
    public ScriptedConnection countDown(CountDownLatch latch) {
        return step("countDown(latch)", deadline -> latch.countDown());
    }

    /** Sends FIN, and goes on receiving. */
    public ScriptedConnection shutdownOutput() {
        return step("shutdownOutput()", deadline -> socket.shutdownOutput());
    }

    /** Closes the connection: FIN, or RST when something has come that no step has read. */
    public ScriptedConnection close() {
        return step("close()", deadline -> socket.close());
    }

    /** Resets the connection: RST, and what the peer has not read yet is lost. */
    public ScriptedConnection reset() {
        return step("reset()", deadline -> resetSocket());
    }

    /**
     * From here on reads nothing but what further steps ask for, so that a peer that goes on sending has to wait in
     * the end.
     */
    public ScriptedConnection stopReading() {
        return step("stopReading()", deadline -> drain = false);
    }

    private ScriptedConnection step(String what, Step step) {
        take(what, deadline -> {
            step.run(deadline);
            return this;
        });
        return this;
    }

    private <T> T take(String what, Take<T> take) {
        progress = new Progress(progress.step + 1, what);
        try {
            return take.run(System.nanoTime() + timeout.toNanos());
        } catch (IOException e) {
            throw new ScriptFailure(this + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ScriptFailure(this + ": interrupted", e);
        }
    }

    private String line(long deadline) throws IOException {
        byte[] line = received.until(new byte[] {'\r', '\n'}, deadline);
        return new String(line, 0, line.length - 2, StandardCharsets.UTF_8);
    }

    byte[] received() {
        return received.all();
    }

    void complete() {
        complete = true;
    }

    boolean isComplete() {
        return complete;
    }

    /** After the last step: goes on recording, so that the peer can send what it likes. */
    void receiveUntilEnd() {
        if (drain) {
            received.drain();
            closeQuietly();
        }
    }

    private void closeQuietly() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }

    /** Resets the connection, from any thread. */
    void abandon() {
        try {
            resetSocket();
        } catch (IOException e) {
            closeQuietly();
        }
    }

    private void resetSocket() throws IOException {
        if (!socket.isClosed()) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String quote(byte[] bytes) {
        return ReceivedBytes.quote(bytes, 0, bytes.length);
    }

    /** Says where the script is: {@code scripted server 127.0.0.1:40123, connection 1, step 3: expect("PING\r\n")}. */
    @Override
    public String toString() {
        Progress now = progress;
        return name + ", step " + now.step + ": " + now.what;
    }

    private record Progress(int step, String what) {}

    @FunctionalInterface
    private interface Step {
        void run(long deadline) throws IOException, InterruptedException;
    }

    @FunctionalInterface
    private interface Take<T> {
        T run(long deadline) throws IOException, InterruptedException;
    }
}
