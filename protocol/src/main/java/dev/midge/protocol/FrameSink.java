// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

/**
 * Takes the frames that a {@link FrameDecoder} finds, in the order of the wire, on the thread that calls
 * {@link FrameDecoder#decode}. What a method throws leaves {@code decode} with the decoder intact.
 */
public interface FrameSink {
    /**
     * {@code MSG} or {@code HMSG}.
     *
     * @param message the frame, valid during this call only: the next frame reuses it
     */
    void onMessage(MessageView message);

    /** {@code INFO}: the text behind the verb, white space around it removed. */
    void onInfo(String json);

    /** {@code PING}. */
    void onPing();

    /** {@code PONG}. */
    void onPong();

    /** {@code +OK}. */
    void onOk();

    /** {@code -ERR}: the text behind the verb as it came, in its quotes, white space around it removed. */
    void onError(String text);
}
