// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.transport.ConnectFailedException.Phase;

/** How far a {@link Handshake} is, and what is to be said of one that gets no further. */
enum HandshakeState {
    /** The proxy opens the way. */
    PROXYING(Phase.PROXY, "the proxy did not open the way", "before the proxy opened the way"),
    ENCRYPTING(Phase.TLS, "the TLS handshake was not completed", "in the TLS handshake"),
    /** To WebSocket. */
    UPGRADING(
            Phase.WEBSOCKET,
            "the upgrade to WebSocket was not answered",
            "without an answer to the upgrade to WebSocket"),
    /** What came of INFO is to be said behind these. */
    AWAITING_INFO(Phase.INFO, "INFO did not come, ", ""),
    MAKING_CONNECT(Phase.CONNECT, "CONNECT was not made from INFO and the credentials", "before CONNECT was made"),
    AWAITING_OK(Phase.CONNECT, Texts.NO_ANSWER, Texts.WITHOUT_ANSWER),
    AWAITING_PONG(Phase.CONNECT, Texts.NO_ANSWER, Texts.WITHOUT_ANSWER),
    ESTABLISHED(Phase.CONNECT, Texts.NO_ANSWER, Texts.WITHOUT_ANSWER),
    /** Failed, or given up by the one who waits for the link. */
    OVER(Phase.CONNECT, Texts.NO_ANSWER, Texts.WITHOUT_ANSWER);

    private final Phase phase;
    private final String overdue;
    private final String until;

    HandshakeState(Phase phase, String overdue, String until) {
        this.phase = phase;
        this.overdue = overdue;
        this.until = until;
    }

    Phase phase() {
        return phase;
    }

    /** What did not happen in time. */
    String overdue() {
        return overdue;
    }

    /** When the server closed the connection. */
    String until() {
        return until;
    }

    private static final class Texts {
        static final String NO_ANSWER = "CONNECT and PING were not answered";
        static final String WITHOUT_ANSWER = "without an answer to CONNECT";
    }
}
