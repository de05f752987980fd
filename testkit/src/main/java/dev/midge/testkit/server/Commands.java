// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

/**
 * What a {@link CommandDecoder} makes of a client's bytes. The arrays belong to the decoder and are good during the
 * call. Each method but {@link #unparsable} says whether to go on: after a false, the connection is over.
 */
interface Commands {
    /** A control line begins with this byte: may it, before CONNECT? */
    boolean begins(byte first);

    /** The text of a CONNECT line. */
    boolean connect(byte[] bytes, int from, int to);

    /** The text of an INFO line. */
    boolean info(byte[] bytes, int from, int to);

    /** A PING, whatever stood behind it. */
    boolean ping();

    /** A PONG, whatever stood behind it. */
    boolean pong();

    /** The arguments of a SUB line. */
    boolean subscribe(byte[] bytes, int from, int to);

    /** The arguments of an UNSUB line. */
    boolean unsubscribe(byte[] bytes, int from, int to);

    /** The control line of a message, before its body. */
    boolean publishLine(Publication publication);

    /** The message, complete: its body, CRLF included, starts there in the array. */
    boolean publish(Publication publication, byte[] bytes, int body);

    /** The client sent an -ERR. */
    boolean clientError();

    /** The bytes are not what a client sends; nothing more will be decoded. */
    void unparsable(Fault fault);

    /** What is wrong with bytes that cannot be decoded. */
    enum Fault {
        /** No verb, or a body that does not end where it should. */
        UNKNOWN_OPERATION,
        /** A control line over the limit. */
        CONTROL_LINE_TOO_LONG,
        /** Arguments too few, too many or no numbers: nats-server closes without a word. */
        BAD_ARGUMENTS
    }
}
