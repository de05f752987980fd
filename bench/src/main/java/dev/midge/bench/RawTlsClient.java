// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** What {@link RawClient} is to plain text: a blocking TLS socket of the JDK that knows next to nothing of NATS. */
final class RawTlsClient implements AutoCloseable {
    private static final int BUFFER = 64 << 10;
    private static final byte[] PONG = "PONG\r\n".getBytes(US_ASCII);

    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];

    private RawTlsClient(SSLSocket socket) throws IOException {
        this.socket = socket;
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    static RawTlsClient connect(int port, KeyStore trusted) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        Socket plain = new Socket("localhost", port);
        plain.setTcpNoDelay(true);
        InputStream info = plain.getInputStream();
        for (int b = info.read(); b != '\n'; b = info.read()) {
            if (b < 0) {
                throw new IOException("the server closed the connection");
            }
        }
        RawTlsClient client =
                new RawTlsClient((SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true));
        client.write("CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":true}\r\n");
        client.flush();
        return client;
    }

    void write(String text) throws IOException {
        out.write(text.getBytes(US_ASCII));
    }

    /** PING, and reads until the PONG has come. */
    void flush() throws IOException {
        write("PING\r\n");
        int matched = 0;
        while (matched < PONG.length) {
            int n = read();
            for (int i = 0; i < n && matched < PONG.length; i++) {
                matched = buffer[i] == PONG[matched] ? matched + 1 : buffer[i] == PONG[0] ? 1 : 0;
            }
        }
    }

    /** Writes PUB frames with payloads of so many bytes. */
    void publish(String subject, int size, long messages) throws IOException {
        String frame = "PUB " + subject + " " + size + "\r\n" + "x".repeat(size) + "\r\n";
        int perWrite = Math.max(1, BUFFER / frame.length());
        byte[] frames = frame.repeat(perWrite).getBytes(US_ASCII);
        for (long left = messages; left > 0; left -= perWrite) {
            out.write(frames, 0, (int) Math.min(perWrite, left) * frame.length());
        }
    }

    /** Reads so many bytes and does nothing with them. */
    void count(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            left -= read();
        }
    }

    private int read() throws IOException {
        int n = in.read(buffer);
        if (n < 0) {
            throw new IOException("the server closed the connection");
        }
        return n;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
