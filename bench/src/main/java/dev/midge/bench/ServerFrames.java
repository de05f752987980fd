// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** What a server sends for a mix of subscriptions: subjects of 8 to 40 bytes, sids up to 2000, a reply in every fourth. */
final class ServerFrames {
    /** Of each header block: 38 bytes, about what a trace id takes. */
    static final String HEADERS = "NATS/1.0\r\ntrace-id: 4bf92f3577b34da6\r\n\r\n";

    private static final int SUBJECTS = 64;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz.";

    private final Random random;
    private final String[] subjects = new String[SUBJECTS];

    ServerFrames(long seed) {
        random = new Random(seed);
        for (int i = 0; i < SUBJECTS; i++) {
            subjects[i] = subject(8 + random.nextInt(33));
        }
    }

    private String subject(int length) {
        StringBuilder text = new StringBuilder("s");
        while (text.length() < length) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    /** So many MSG frames, or HMSG frames with {@link #HEADERS}, each with a payload of so many bytes. */
    byte[] frames(boolean headers, int payload, int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] body = new byte[payload];
        for (int i = 0; i < count; i++) {
            StringBuilder frame = new StringBuilder(headers ? "HMSG " : "MSG ");
            frame.append(subjects[random.nextInt(SUBJECTS)]).append(' ').append(1 + random.nextInt(2000));
            if (random.nextInt(4) == 0) {
                frame.append(" _INBOX.").append(subjects[random.nextInt(SUBJECTS)]);
            }
            if (headers) {
                frame.append(' ').append(HEADERS.length());
            }
            frame.append(' ').append(payload + (headers ? HEADERS.length() : 0)).append("\r\n");
            frame.append(headers ? HEADERS : "");
            all.writeBytes(frame.toString().getBytes(US_ASCII));
            random.nextBytes(body);
            all.writeBytes(body);
            all.writeBytes("\r\n".getBytes(US_ASCII));
        }
        return all.toByteArray();
    }
}
