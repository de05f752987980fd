// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes down what a decoder makes of the bytes. */
final class SpokenCommands implements Commands {
    final List<String> heard = new ArrayList<>();
    private final CommandDecoder decoder;

    SpokenCommands(int maxControlLine) {
        decoder = new CommandDecoder(this, maxControlLine);
    }

    /** Decodes all of it, in pieces of this size, each alone in an array that holds something else afterwards. */
    static List<String> of(byte[] bytes, int maxControlLine, int... pieces) {
        SpokenCommands commands = new SpokenCommands(maxControlLine);
        byte[] window = new byte[bytes.length + 1];
        int from = 0;
        for (int i = 0; from < bytes.length; i++) {
            int length = Math.min(bytes.length - from, pieces[Math.min(i, pieces.length - 1)]);
            System.arraycopy(bytes, from, window, 1, length);
            commands.decoder.decode(window, 1, 1 + length);
            Arrays.fill(window, (byte) '#');
            from += length;
        }
        return commands.heard;
    }

    private boolean hear(String what) {
        heard.add(what);
        return true;
    }

    private boolean hear(String what, byte[] bytes, int from, int to) {
        return hear(what + " " + Arguments.text(bytes, from, to));
    }

    @Override
    public boolean begins(byte first) {
        return true;
    }

    @Override
    public boolean connect(byte[] bytes, int from, int to) {
        return hear("CONNECT", bytes, from, to);
    }

    @Override
    public boolean info(byte[] bytes, int from, int to) {
        return hear("INFO", bytes, from, to);
    }

    @Override
    public boolean ping() {
        return hear("PING");
    }

    @Override
    public boolean pong() {
        return hear("PONG");
    }

    @Override
    public boolean subscribe(byte[] bytes, int from, int to) {
        return hear("SUB", bytes, from, to);
    }

    @Override
    public boolean unsubscribe(byte[] bytes, int from, int to) {
        return hear("UNSUB", bytes, from, to);
    }

    @Override
    public boolean publishLine(Publication publication) {
        return hear("line of " + publication.size);
    }

    @Override
    public boolean publish(Publication publication, byte[] bytes, int body) {
        return hear("message " + publication.subject()
                + (publication.hasReply() ? " reply-to " + publication.reply() : "")
                + " headers " + publication.headerLength + " "
                + Arguments.text(publication.line, publication.sizeDigitsFrom, publication.sizeDigitsTo)
                + " body " + Arguments.text(bytes, body, body + publication.size + 2));
    }

    @Override
    public boolean clientError() {
        hear("-ERR");
        return false;
    }

    @Override
    public void unparsable(Fault fault) {
        hear(fault.name());
    }
}
