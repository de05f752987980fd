// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the server says of a message it delivers, in its reply-to subject (ADR-15): either form of it is read, that with the
 * domain too.
 *
 * @param domain the domain of the stream, or null if it does not say
 * @param stream the stream
 * @param consumer the consumer that delivered it
 * @param deliveries how often it has been delivered, this time included
 * @param streamSequence its sequence number in the stream
 * @param consumerSequence which delivery of the consumer it is, from 1 on
 * @param timestamp when the stream stored it
 * @param pending how many messages the consumer had still to deliver then
 */
public record MessageMetadata(
        @Nullable String domain,
        String stream,
        String consumer,
        long deliveries,
        long streamSequence,
        long consumerSequence,
        Instant timestamp,
        long pending) {
    /** What the reply-to subjects of messages from JetStream start with. */
    static final String PREFIX = "$JS.ACK.";

    /** {@code $JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<time ns>.<pending>}. */
    private static final int SHORT_FORM = 9;

    /** {@code $JS.ACK.<domain or _>.<account hash>.} and the same from the stream on, perhaps more behind it. */
    private static final int LONG_FORM = 11;

    private static final long NANOS = 1_000_000_000;

    /** Reads a reply-to subject; null if it is none of JetStream's. */
    static @Nullable MessageMetadata parse(@Nullable String reply) {
        if (reply == null || !reply.startsWith(PREFIX)) {
            return null;
        }
        int tokens = 1;
        for (int i = 0; i < reply.length(); i++) {
            if (reply.charAt(i) == '.') {
                tokens++;
            }
        }
        if (tokens != SHORT_FORM && tokens < LONG_FORM) {
            return null;
        }
        Tokens rest = new Tokens(reply, PREFIX.length());
        String domain = tokens == SHORT_FORM ? "_" : rest.text();
        if (tokens != SHORT_FORM) {
            rest.text(); // the hash of the account
        }
        try {
            String stream = rest.text();
            String consumer = rest.text();
            long deliveries = rest.number();
            long streamSequence = rest.number();
            long consumerSequence = rest.number();
            long nanos = rest.number();
            return new MessageMetadata(
                    domain.equals("_") ? null : domain,
                    stream,
                    consumer,
                    deliveries,
                    streamSequence,
                    consumerSequence,
                    Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS)),
                    rest.number());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static final class Tokens {
        private final String text;
        private int at;

        Tokens(String text, int at) {
            this.text = text;
            this.at = at;
        }

        private int end() {
            int dot = text.indexOf('.', at);
            return dot < 0 ? text.length() : dot;
        }

        String text() {
            int end = end();
            String token = text.substring(at, end);
            at = end + 1;
            return token;
        }

        long number() {
            int end = end();
            long number = Long.parseLong(text, Math.min(at, end), end, 10);
            at = end + 1;
            return number;
        }
    }
}
