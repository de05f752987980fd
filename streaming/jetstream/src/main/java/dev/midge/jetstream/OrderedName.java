// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.MessageView;

/**
 * The consumer that an ordered consumption has at present, and what it has delivered. Reads the reply-to subjects of messages
 * where they lie, see {@link MessageMetadata}. Of the event loop.
 */
final class OrderedName implements ConsumerName {
    private static final int TOKENS_OF_SHORT_FORM = 9;
    private static final int CONSUMER_AT = 3;
    private static final int LONGER_BY = 2;

    private final String stream;
    private String name = "";
    private byte[] nameBytes = {};

    /** The last delivery of the present consumer. */
    private long consumerSequence;

    /** The last message that the user gets or has got; negative before it is known where to start. */
    private long streamSequence = -1;

    private long readConsumerSequence;
    private long readStreamSequence;

    OrderedName(String stream) {
        this.stream = stream;
    }

    @Override
    public String stream() {
        return stream;
    }

    @Override
    public String name() {
        return name;
    }

    /** There is another one. */
    void use(String fresh) {
        name = fresh;
        nameBytes = fresh.getBytes(UTF_8);
        consumerSequence = 0;
    }

    /** Where to go on, if nothing has come yet. */
    void startBehind(long sequence) {
        if (streamSequence < 0) {
            streamSequence = sequence;
        }
    }

    long consumerSequence() {
        return consumerSequence;
    }

    long streamSequence() {
        return streamSequence;
    }

    /** Which delivery the message is that was {@linkplain #isOwn looked at} last. */
    long readConsumerSequence() {
        return readConsumerSequence;
    }

    /** Whether a message is of the present consumer. */
    boolean isOwn(MessageView view) {
        int length = view.replyLength();
        int tokens = 1;
        for (int i = 0; i < length; i++) {
            tokens += view.replyByte(i) == '.' ? 1 : 0;
        }
        int at = CONSUMER_AT + (tokens == TOKENS_OF_SHORT_FORM ? 0 : LONGER_BY);
        if (tokens < TOKENS_OF_SHORT_FORM || tokens < at + 2) {
            return false;
        }
        int start = behindDots(view, 0, at);
        int end = start;
        while (end - start < nameBytes.length && end < length && view.replyByte(end) == nameBytes[end - start]) {
            end++;
        }
        if (end - start != nameBytes.length || end >= length || view.replyByte(end) != '.') {
            return false;
        }
        int sequences = behindDots(view, end + 1, 1); // behind the number of deliveries
        readStreamSequence = number(view, sequences);
        readConsumerSequence = number(view, behindDots(view, sequences, 1));
        return true;
    }

    /** The message that was looked at last is the user's. */
    void taken() {
        consumerSequence = readConsumerSequence;
        streamSequence = readStreamSequence;
    }

    /** All up to this delivery have come, or never will. */
    void skipTo(long delivery) {
        consumerSequence = Math.max(consumerSequence, delivery);
    }

    private static int behindDots(MessageView view, int from, int dots) {
        int at = from;
        for (int left = dots; left > 0; at++) {
            left -= view.replyByte(at) == '.' ? 1 : 0;
        }
        return at;
    }

    private static long number(MessageView view, int from) {
        long number = 0;
        for (int i = from; i < view.replyLength() && view.replyByte(i) != '.'; i++) {
            number = number * 10 + view.replyByte(i) - '0';
        }
        return number;
    }
}
