// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Subjects that servers use among themselves, and that clients must leave alone. */
final class ReservedSubjects {
    private static final byte[] GATEWAY_REPLY = "_GR_.".getBytes(US_ASCII);
    private static final byte[] OLD_GATEWAY_REPLY = "$GR.".getBytes(US_ASCII);
    private static final byte[] RAFT = "$NRG.".getBytes(US_ASCII);
    private static final byte[] SERVICE_REPLY = "_R_.".getBytes(US_ASCII);
    private static final byte[] JETSTREAM_ACK = "$JS.ACK.".getBytes(US_ASCII);

    private ReservedSubjects() {}

    /** Whether nobody may publish there. */
    static boolean isSubject(Publication message) {
        return message.subjectBeginsWith(GATEWAY_REPLY)
                || message.subjectBeginsWith(OLD_GATEWAY_REPLY)
                || message.subjectBeginsWith(RAFT);
    }

    /** Whether nobody may ask for replies to go there. */
    static boolean isReply(Publication message) {
        return message.replyBeginsWith(SERVICE_REPLY)
                || message.replyBeginsWith(JETSTREAM_ACK)
                || message.replyBeginsWith(GATEWAY_REPLY)
                || message.replyBeginsWith(OLD_GATEWAY_REPLY);
    }
}
