// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a server answers. First for the file in which it writes down its ports once it listens there, as on the
 * port alone somebody else might answer; then for the INFO that greets a client.
 */
final class ServerReadiness {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private ServerReadiness() {}

    /** @throws NotReadyException when the server ended, or did not answer in time */
    static void await(ServerProcess process, Path portsDirectory, int port, boolean greets, Duration timeout)
            throws NotReadyException {
        long deadline = System.nanoTime() + timeout.toNanos();
        String step = "wrote down its ports";
        while (System.nanoTime() - deadline < 0) {
            if (!process.isAlive()) {
                throw new NotReadyException("ended with code " + process.exitCode() + " before it answered");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new NotReadyException("was not waited for: interrupted");
            }
            if (url(portsDirectory, "nats") != null) {
                step = "sent INFO on port " + port;
                if (answers(port, greets, deadline)) {
                    return;
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new NotReadyException("never " + step + ", waited " + timeout.toSeconds() + " s");
    }

    /**
     * Where a service of the server listens, out of its ports file.
     * {@code {"nats":["nats://127.0.0.1:21234"],"monitoring":["http://127.0.0.1:8222"]}}
     *
     * @return null when the file is not there yet, not whole yet, or has no such service
     */
    static @Nullable String url(Path portsDirectory, String service) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(portsDirectory, "*.ports")) {
            for (Path file : files) {
                Matcher matcher = Pattern.compile("\"" + Pattern.quote(service) + "\":\\[\"([^\"]+)\".*}\\s*$")
                        .matcher(Files.readString(file, StandardCharsets.UTF_8));
                if (matcher.find()) {
                    return matcher.group(1);
                }
            }
        } catch (IOException e) {
            // Not there yet.
        }
        return null;
    }

    private static boolean answers(int port, boolean greets, long deadline) {
        try (Socket socket = new Socket()) {
            int left = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), left);
            socket.setSoTimeout(left);
            return !greets
                    || new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("INFO ");
        } catch (IOException e) {
            return false;
        }
    }

    /** Says how far the server came: the rest of a sentence that begins with its name. */
    static final class NotReadyException extends Exception {
        private static final long serialVersionUID = 1L;

        NotReadyException(String message) {
            super(message);
        }
    }
}
