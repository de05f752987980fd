// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.nio.charset.StandardCharsets;

/**
 * A frame that a {@link FrameProxy} saw.
 *
 * @param connection of the connections that clients made, from 1 on
 * @param kind its kind
 * @param text all of it, control line and body with both line ends: each byte a character (ISO 8859-1)
 */
public record RecordedFrame(int connection, Frame kind, String text) {
    /** The bytes of the text. */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** For error messages. */
    @Override
    public String toString() {
        return connection + ": " + text.stripTrailing();
    }
}
