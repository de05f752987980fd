// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.MessageView;

/**
 * Gives the subjects of messages as strings, the same string again while the subject does not change: of a subscription
 * without wildcards it is the subscription's own.
 */
final class SubjectDecoder {
    private String last;
    private byte[] lastBytes;

    SubjectDecoder(String subject) {
        last = subject;
        lastBytes = subject.getBytes(UTF_8);
    }

    String subject(MessageView view) {
        if (!view.subjectIs(lastBytes)) {
            lastBytes = view.subjectBytes();
            last = new String(lastBytes, UTF_8);
        }
        return last;
    }
}
