// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.midge.protocol.MessageView;
import org.jspecify.annotations.Nullable;

/**
 * The subscription for replies: of all requests, {@code prefix.nuid.*}, where the last token of a reply's subject says
 * which request it is for; or of one request alone.
 */
final class RequestInbox extends DirectSubscription {
    /** Characters of a token, of 5 bits each. */
    private static final int DIGITS = 12;

    private static final long NO_TOKEN = -1;

    private final Requests requests;
    private final String prefix;
    private final byte[] prefixBytes;
    private final @Nullable PendingReply<?> only;

    /**
     * @param subject with {@code *} as its last token, unless it is for one request
     * @param only the one request, or null
     */
    RequestInbox(
            NatsConnection connection,
            Requests requests,
            String subject,
            long sid,
            long maxMessages,
            @Nullable PendingReply<?> only) {
        super(connection, subject, null, sid, maxMessages, view -> {});
        this.requests = requests;
        this.only = only;
        prefix = subject.substring(0, subject.length() - 1);
        prefixBytes = prefix.getBytes(US_ASCII);
    }

    @Override
    void accept(MessageView view) {
        requests.onReply(this, view);
    }

    @Override
    void finish(@Nullable Throwable cause) {
        super.finish(cause);
        if (cause != null) {
            requests.inboxFailed(this, cause);
        }
    }

    /** The one request that it is for; null if it is for all. */
    @Nullable
    PendingReply<?> only() {
        return only;
    }

    String subject(long token) {
        return prefix
                + digit(token, 11)
                + digit(token, 10)
                + digit(token, 9)
                + digit(token, 8)
                + digit(token, 7)
                + digit(token, 6)
                + digit(token, 5)
                + digit(token, 4)
                + digit(token, 3)
                + digit(token, 2)
                + digit(token, 1)
                + digit(token, 0);
    }

    private static char digit(long token, int place) {
        int value = (int) (token >>> (5 * place)) & 31;
        return (char) (value < 10 ? '0' + value : 'A' - 10 + value);
    }

    /** The token of a reply's subject, or a negative number if it has none of ours. */
    long token(MessageView view) {
        int from = prefixBytes.length;
        if (view.subjectLength() != from + DIGITS || !view.subjectStartsWith(prefixBytes)) {
            return NO_TOKEN;
        }
        long token = 0;
        for (int i = from; i < from + DIGITS; i++) {
            int c = view.subjectByte(i);
            int value = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'V' ? c - 'A' + 10 : -1;
            if (value < 0) {
                return NO_TOKEN;
            }
            token = token << 5 | value;
        }
        return token;
    }
}
