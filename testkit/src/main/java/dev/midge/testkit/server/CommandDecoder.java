// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import dev.midge.testkit.server.Commands.Fault;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the commands in what a client sends, as nats-server's parser.go does when it gets all of it at once: verbs in any
 * case, blanks between arguments, lines that end in LF or CR LF. It goes on where it stopped, so a command that arrives
 * byte by byte costs linear time, and keeps no more than a control line and what has come of one body.
 *
 * <p>For one client, on its event loop.
 */
final class CommandDecoder {
    /** A body's array grows as its bytes come, so that announcing a big one costs the server nothing. */
    private static final int FIRST_BODY = 1024;

    /** An array that held a larger body is not kept for the next one. */
    private static final int KEPT_BODY = 64 << 10;

    private enum State {
        VERB,
        FIRST_BLANK,
        BLANKS,
        ARGUMENTS,
        REST_OF_LINE,
        BODY,
        /** What comes no longer counts. */
        OVER
    }

    private final Commands commands;
    private final int maxControlLine;
    private final Publication publication = new Publication();

    private State state = State.VERB;
    private Verb verb = Verb.PUB;
    /** Characters of the verb that have come. */
    private int matched;

    /** What has come of the arguments, when they are cut; later those of a message whose body is cut. */
    private byte[] line = {};

    private int lineLength;
    /** A carriage return among the arguments: nats-server then leaves the last byte out, wherever it was. */
    private boolean carriageReturn;

    private byte @Nullable [] body;
    private int bodyLength;

    CommandDecoder(Commands commands, int maxControlLine) {
        this.commands = commands;
        this.maxControlLine = maxControlLine;
    }

    /** Takes all the bytes, unless they are no commands. */
    void decode(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            i = switch (state) {
                case VERB -> verb(bytes, i, to);
                case FIRST_BLANK -> firstBlank(bytes[i], i);
                case BLANKS -> blanks(bytes, i, to);
                case ARGUMENTS -> arguments(bytes, i, i, to);
                case REST_OF_LINE -> restOfLine(bytes, i, to);
                case BODY -> body(bytes, i, to);
                case OVER -> to;
            };
        }
        if (state == State.BODY && publication.line != line) {
            keepArguments();
        }
    }

    /** The caller's array will hold something else when the rest of the body comes. */
    private void keepArguments() {
        int length = publication.lineLength();
        if (line.length < length) {
            line = new byte[length];
        }
        publication.moveTo(line, 0);
    }

    /** Ignores whatever comes from now on. */
    void end() {
        state = State.OVER;
        line = new byte[0];
        body = null;
    }

    private int verb(byte[] bytes, int from, int to) {
        byte b = bytes[from];
        if (matched == 0 && !commands.begins(b)) {
            end();
            return to;
        }
        // The verb that makes up nearly all traffic, in one look.
        if (matched == 0
                && b == 'P'
                && to - from > 4
                && bytes[from + 1] == 'U'
                && bytes[from + 2] == 'B'
                && bytes[from + 3] == ' ') {
            verb = Verb.PUB;
            state = State.BLANKS;
            return from + 4;
        }
        Verb next = Verb.continuing(verb, matched, b);
        if (next == null) {
            return fail(Fault.UNKNOWN_OPERATION, to);
        }
        verb = next;
        if (++matched == verb.length()) {
            matched = 0;
            state = switch (verb.then) {
                case BLANKS -> State.FIRST_BLANK;
                case ARGUMENTS -> State.BLANKS;
                case ANYTHING -> State.REST_OF_LINE;
            };
        }
        return from + 1;
    }

    private int firstBlank(byte b, int i) {
        if (b != ' ' && b != '\t') {
            return fail(Fault.UNKNOWN_OPERATION, i + 1);
        }
        state = State.BLANKS;
        return i + 1;
    }

    private int blanks(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        if (i == to) {
            return to;
        }
        state = State.ARGUMENTS;
        lineLength = 0;
        carriageReturn = false;
        // The first byte belongs to the arguments even if it is a line end.
        return arguments(bytes, i, i + 1, to);
    }

    /**
     * @param start where the arguments start in the array, or go on
     * @param from the first byte to look at
     */
    private int arguments(byte[] bytes, int start, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\n') {
            if (bytes[i] == '\r') {
                carriageReturn = true;
            }
            i++;
        }
        int length = lineLength + i - start - (carriageReturn ? 1 : 0);
        if (length > maxControlLine) {
            return fail(Fault.CONTROL_LINE_TOO_LONG, to);
        }
        if (i == to) {
            keep(bytes, start, to);
            return to;
        }
        if (lineLength == 0) {
            return command(bytes, start, start + length, i + 1, to);
        }
        keep(bytes, start, i);
        return command(line, 0, length, i + 1, to);
    }

    private void keep(byte[] bytes, int from, int to) {
        int length = lineLength + to - from;
        if (line.length < length) {
            line = Arrays.copyOf(line, Math.max(length, Math.min(2 * length, maxControlLine + 2)));
        }
        System.arraycopy(bytes, from, line, lineLength, to - from);
        lineLength = length;
    }

    /** Executes a line, and returns {@code next}. */
    private int command(byte[] bytes, int from, int end, int next, int to) {
        state = State.VERB;
        boolean goOn = switch (verb) {
            case PUB -> publication(bytes, from, end, false);
            case HPUB -> publication(bytes, from, end, true);
            case SUB -> commands.subscribe(bytes, from, end);
            case UNSUB -> commands.unsubscribe(bytes, from, end);
            case CONNECT -> commands.connect(bytes, from, end);
            case INFO -> commands.info(bytes, from, end);
            case HMSG -> emptyMessage();
            case ERR -> commands.clientError();
            case PING, PONG, OK -> throw new IllegalStateException(verb + " has no arguments");
        };
        if (!goOn) {
            end();
            return to;
        }
        return next;
    }

    private int restOfLine(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\n') {
            i++;
        }
        if (i == to) {
            return to;
        }
        state = State.VERB;
        if ((verb == Verb.PING && !commands.ping()) || (verb == Verb.PONG && !commands.pong())) {
            end();
            return to;
        }
        return i + 1;
    }

    private boolean publication(byte[] bytes, int from, int to, boolean headers) {
        if (!publication.parse(bytes, from, to, headers)) {
            fail(Fault.BAD_ARGUMENTS, to);
            return false;
        }
        state = State.BODY;
        bodyLength = 0;
        return commands.publishLine(publication);
    }

    private boolean emptyMessage() {
        publication.setEmpty();
        state = State.BODY;
        bodyLength = 0;
        return true;
    }

    private int body(byte[] bytes, int from, int to) {
        int wanted = publication.size + 2 - bodyLength;
        int available = Math.min(wanted, to - from);
        int end = from + available;
        // The line end that has arrived has to be right before the rest does.
        int payloadLeft = Math.max(0, publication.size - bodyLength);
        for (int i = from + payloadLeft; i < end; i++) {
            if (bytes[i] != (bodyLength + i - from == publication.size ? '\r' : '\n')) {
                return fail(Fault.UNKNOWN_OPERATION, to);
            }
        }
        if (bodyLength == 0 && available == wanted) {
            return message(bytes, from, end, to);
        }
        keepBody(bytes, from, available);
        if (available < wanted) {
            return to;
        }
        byte[] whole = requireBody();
        int next = message(whole, 0, end, to);
        if (whole.length > KEPT_BODY) {
            body = null;
        }
        return next;
    }

    private int message(byte[] bytes, int from, int next, int to) {
        state = State.VERB;
        if (!commands.publish(publication, bytes, from)) {
            end();
            return to;
        }
        return next;
    }

    private void keepBody(byte[] bytes, int from, int length) {
        byte[] kept = body;
        int needed = bodyLength + length;
        if (kept == null) {
            kept = new byte[Math.max(needed, FIRST_BODY)];
        } else if (kept.length < needed) {
            kept = Arrays.copyOf(kept, Math.max(needed, Math.min(2 * needed, publication.size + 2)));
        }
        System.arraycopy(bytes, from, kept, bodyLength, length);
        bodyLength = needed;
        body = kept;
    }

    private byte[] requireBody() {
        byte[] kept = body;
        if (kept == null) {
            throw new IllegalStateException("no body was kept");
        }
        return kept;
    }

    private int fail(Fault fault, int next) {
        end();
        commands.unparsable(fault);
        return next;
    }
}
