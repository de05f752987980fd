// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import java.util.List;

/**
 * One line of a conversation.
 *
 * @param text the line as written, which is what a report quotes
 * @param action what it does
 */
record Step(String text, Action action) {
    /** What a line does. Parties are called {@code C1}, {@code S2} or alike: one for each connection. */
    sealed interface Action {}

    /** Opens a connection, or accepts one, and does nothing else. */
    record Open(String party) implements Action {}

    /** Opens a connection, and says CONNECT with these fields changed; or accepts one, and says INFO with them. */
    record Handshake(String party, String overrides) implements Action {}

    /** Begins TLS. */
    record Encrypt(String party) implements Action {}

    /** Sends the bytes, in pieces of the size given, or all at once where it is 0. */
    record Send(String party, Template bytes, int pieceSize) implements Action {}

    /** The next frame has to be this. */
    record Expect(String party, Expectation frame) implements Action {}

    /** The next frames have to be these, in any order. */
    record ExpectAll(String party, List<Expectation> frames) implements Action {}

    /** The next frame of exactly one of these has to be this, and the others have to have none. */
    record ExpectOne(List<String> parties, Expectation frame) implements Action {}

    /** The next frame of at least one of these has to be this; the first one of them is that one afterwards. */
    record ExpectSome(List<String> parties, Expectation frame) implements Action {}

    /** What was sent so far leads to no further frame. */
    record ExpectNothing(String party) implements Action {}

    /** The peer closes the connection, and sends no frame before. */
    record ExpectClosed(String party) implements Action {}

    /** Closes the connection. */
    record Close(String party) implements Action {}

    /** Tells the server under test to do something, such as {@code lame duck}. */
    record TellServer(String command) implements Action {}

    /** Tells the client under test to do something. */
    record TellClient(Template command) implements Action {}

    /** What the client under test says next has to be this. */
    record HearClient(Expectation line) implements Action {}
}
