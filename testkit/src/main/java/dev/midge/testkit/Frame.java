// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kinds of frames of the NATS protocol, and who sends them. */
public enum Frame {
    /** Sent by the server. */
    INFO("INFO", false, true),
    /** Sent by the server; has a body. */
    MSG("MSG", false, true),
    /** Sent by the server; has a body. */
    HMSG("HMSG", false, true),
    /** {@code +OK}, sent by the server. */
    OK("+OK", false, true),
    /** {@code -ERR}, sent by the server. */
    ERR("-ERR", false, true),
    /** Sent by both. */
    PING("PING", true, true),
    /** Sent by both. */
    PONG("PONG", true, true),
    /** Sent by the client. */
    CONNECT("CONNECT", true, false),
    /** Sent by the client; has a body. */
    PUB("PUB", true, false),
    /** Sent by the client; has a body. */
    HPUB("HPUB", true, false),
    /** Sent by the client. */
    SUB("SUB", true, false),
    /** Sent by the client. */
    UNSUB("UNSUB", true, false);

    static final List<Frame> ALL = List.of(values());

    private final String verb;
    private final boolean toServer;
    private final boolean toClient;

    Frame(String verb, boolean toServer, boolean toClient) {
        this.verb = verb;
        this.toServer = toServer;
        this.toClient = toClient;
    }

    /** Whether clients send it to servers, or servers to clients. */
    boolean isSent(boolean towardsServer) {
        return towardsServer ? toServer : toClient;
    }

    boolean hasBody() {
        return this == MSG || this == HMSG || this == PUB || this == HPUB;
    }

    /** The kind of a whole control line, its LF included; null if it begins with no verb of that direction. */
    static @Nullable Frame of(byte[] line, int length, boolean towardsServer) {
        for (Frame kind : ALL) {
            if (kind.isSent(towardsServer)
                    && length > kind.verb.length()
                    && kind.matches(line, kind.verb.length())
                    && isBlank(line[kind.verb.length()])) {
                return kind;
            }
        }
        return null;
    }

    /** Whether more bytes could make a control line of this. */
    static boolean mayBegin(byte[] line, int length, boolean towardsServer) {
        for (Frame kind : ALL) {
            if (kind.isSent(towardsServer)
                    && kind.matches(line, Math.min(length, kind.verb.length()))
                    && (length <= kind.verb.length() || isBlank(line[kind.verb.length()]))) {
                return true;
            }
        }
        return false;
    }

    /** Verbs may be in any case. */
    private boolean matches(byte[] line, int length) {
        for (int i = 0; i < length; i++) {
            int upper = line[i] >= 'a' && line[i] <= 'z' ? line[i] - 32 : line[i];
            if (upper != verb.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    /** Those that are sent in a direction. */
    static List<Frame> sent(boolean towardsServer) {
        return Arrays.stream(values())
                .filter(kind -> kind.isSent(towardsServer))
                .toList();
    }
}
