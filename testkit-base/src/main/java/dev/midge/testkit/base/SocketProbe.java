// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Open sockets of this process, as the kernel lists them: every channel, whoever opened it. Linux only; elsewhere it
 * sees nothing, and channels are found by the threads of their event loops alone.
 */
final class SocketProbe implements LeakProbe {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path TABLES = Path.of("/proc/self/net");
    private static final String SOCKET = "socket:[";

    /** The states of include/net/tcp_states.h, from 1 on. */
    private static final List<String> STATES = List.of(
            "ESTABLISHED",
            "SYN_SENT",
            "SYN_RECV",
            "FIN_WAIT1",
            "FIN_WAIT2",
            "TIME_WAIT",
            "CLOSE",
            "CLOSE_WAIT",
            "LAST_ACK",
            "LISTEN",
            "CLOSING");

    @Override
    public Set<?> live() {
        Set<String> sockets = new HashSet<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return sockets;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith(SOCKET)) {
                        sockets.add(target);
                    }
                } catch (IOException e) {
                    // Closed between the listing and the look.
                }
            }
        } catch (IOException e) {
            return Set.of();
        }
        return sockets;
    }

    /**
     * The JDK keeps a pair of Unix sockets of its own (to wake blocked readers), so only those of the network count.
     */
    @Override
    public boolean isLeak(Object suspect) {
        return !listedIn("unix", suspect) && !listedIn("netlink", suspect);
    }

    private static boolean listedIn(String table, Object socket) {
        String inode = inode(socket);
        return lines(table).stream()
                .anyMatch(line -> List.of(line.split("\\s+", -1)).contains(inode));
    }

    private static String inode(Object socket) {
        return socket.toString().substring(SOCKET.length(), socket.toString().length() - 1);
    }

    private static List<String> lines(String table) {
        try {
            return Files.readAllLines(TABLES.resolve(table), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public String name(Object leak) {
        String inode = inode(leak);
        for (String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
            for (String line : lines(protocol)) {
                // "  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000  0  12345 ..."
                String[] fields = line.trim().split("\\s+", -1);
                if (fields.length > 9 && fields[9].equals(inode)) {
                    int state = Integer.parseInt(fields[3], 16);
                    return protocol + " " + address(fields[1]) + " -> " + address(fields[2]) + " "
                            + (state >= 1 && state <= STATES.size() ? STATES.get(state - 1) : fields[3]);
                }
            }
        }
        return "unbound";
    }

    /** {@code 0100007F:1F90} is 127.0.0.1:8080: words of four bytes in the machine's order, port as a number. */
    private static String address(String hex) {
        int colon = hex.indexOf(':');
        byte[] bytes = new byte[colon / 2];
        for (int i = 0; i < bytes.length; i++) {
            int from = (i / 4 * 4 + 3 - i % 4) * 2;
            bytes[i] = (byte) Integer.parseInt(hex.substring(from, from + 2), 16);
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + ":"
                    + Integer.parseInt(hex.substring(colon + 1), 16);
        } catch (UnknownHostException e) {
            return hex;
        }
    }

    @Override
    public String describe(Object leak) {
        return "channel: socket " + name(leak) + " is open (the kernel keeps no stack; look for who uses these ports)";
    }

    @Override
    public String allowedBy(LeakCheck.Allow allow) {
        return allow.sockets();
    }
}
