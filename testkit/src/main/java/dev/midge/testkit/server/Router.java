// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.midge.testkit.server.ServerSettings.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Takes messages to who subscribed to them: processInboundClientMsg, processMsgResults and deliverMsg of nats-server's
 * client.go. On the event loop of the server.
 */
final class Router {
    private static final byte[] MSG = "MSG ".getBytes(US_ASCII);
    private static final byte[] HMSG = "HMSG ".getBytes(US_ASCII);
    private static final byte[] NOBODY = "NATS/1.0 503\r\nNats-Subject: ".getBytes(US_ASCII);

    /** What {@link #NOBODY} and two line ends take. */
    private static final int NOBODY_LENGTH = NOBODY.length + 4;

    private static final int MAX_DIGITS = 9;

    private final SubjectTrie<Sub> trie = new SubjectTrie<>();
    private final MatchCache<Sub> cache = new MatchCache<>(trie);
    private final List<ClientSession> unflushed = new ArrayList<>();

    /** Where the line of a message to a client is put together. */
    private final byte[] head;

    Router(Limits limits) {
        // A subject and a reply-to subject are from one control line, a sid from another one.
        head = new byte[HMSG.length + 2 * limits.maxControlLine() + NOBODY_LENGTH + 4 * MAX_DIGITS];
    }

    int subscriptions() {
        return trie.size();
    }

    /** Adds a subscription, unless its subject is none: then false. */
    boolean add(Sub sub) {
        return trie.insert(sub);
    }

    void remove(Sub sub) {
        trie.remove(sub);
    }

    /** Has what was sent to this client go out when all that has been read is worked off. */
    void flushLater(ClientSession client) {
        if (!client.flushPending) {
            client.flushPending = true;
            unflushed.add(client);
        }
    }

    void flush() {
        for (int i = 0; i < unflushed.size(); i++) {
            ClientSession client = unflushed.get(i);
            client.flushPending = false;
            client.out.flush();
        }
        unflushed.clear();
    }

    /**
     * Delivers a message that its client may publish.
     *
     * @param body where the header block, the payload and CRLF are in the array
     */
    void publish(ClientSession from, Publication message, byte[] bytes, int body) {
        Match<Sub> match = cache.match(message.line, message.subjectFrom, message.subjectTo);
        boolean delivered = false;
        List<Sub> plain = match.plain();
        for (int i = 0; i < plain.size(); i++) {
            delivered |= deliver(from, plain.get(i), message, bytes, body);
        }
        List<List<Sub>> queues = match.queues();
        for (int i = 0; i < queues.size(); i++) {
            delivered |= deliverToOne(from, queues.get(i), message, bytes, body);
        }
        if (!delivered && message.hasReply() && from.wantsNoResponders()) {
            tellNobodyListens(from, message);
        }
    }

    private boolean deliverToOne(ClientSession from, List<Sub> group, Publication message, byte[] bytes, int body) {
        int size = group.size();
        int first = size == 1 ? 0 : ThreadLocalRandom.current().nextInt(size);
        for (int i = 0; i < size; i++) {
            if (deliver(from, group.get((first + i) % size), message, bytes, body)) {
                return true;
            }
        }
        return false;
    }

    private boolean deliver(ClientSession from, Sub sub, Publication message, byte[] bytes, int body) {
        ClientSession to = sub.client;
        if ((from == to && !to.echo()) || !to.mayGet(message, sub.queue()) || sub.closed) {
            return false;
        }
        sub.delivered++;
        boolean last = sub.max > 0 && sub.delivered >= sub.max;
        if (last) {
            to.remove(sub);
        }
        if (to.isOver()) {
            return false;
        }
        boolean headers = message.headerLength > 0 && to.headers();
        int skipped = headers ? 0 : message.headerLength;
        int headLength = messageLine(sub, message, headers, skipped);
        to.out.write(head, headLength, bytes, body + skipped, message.size - skipped + 2);
        flushLater(to);
        if (message.hasReply()) {
            to.delivered(message);
        }
        if (to.out.isBehind()) {
            from.waitFor(to.out);
        }
        return true;
    }

    private int messageLine(Sub sub, Publication message, boolean headers, int skipped) {
        int n = append(0, headers ? HMSG : MSG);
        n = append(n, message.line, message.subjectFrom, message.subjectTo);
        n = append(n, sub.sidInLine);
        if (message.hasReply()) {
            n = append(n, message.line, message.replyFrom, message.replyTo);
            head[n++] = ' ';
        }
        if (headers) {
            n = append(n, message.line, message.headerDigitsFrom, message.headerDigitsTo);
            head[n++] = ' ';
        }
        if (skipped > 0) {
            n = append(n, Arguments.bytes(Integer.toString(message.size - skipped)));
        } else {
            n = append(n, message.line, message.sizeDigitsFrom, message.sizeDigitsTo);
        }
        head[n++] = '\r';
        head[n++] = '\n';
        return n;
    }

    /** {@code HMSG <reply-to> <sid> <n> <n>}, status 503 and the subject that nobody listens to (ADR-40). */
    private void tellNobodyListens(ClientSession from, Publication message) {
        Sub own = null;
        for (Sub sub :
                cache.match(message.line, message.replyFrom, message.replyTo).plain()) {
            if (sub.client == from) {
                own = sub;
                break;
            }
        }
        if (own == null) {
            return;
        }
        byte[] length = Arguments.bytes(Integer.toString(NOBODY_LENGTH + message.subjectTo - message.subjectFrom));
        int n = append(0, HMSG);
        n = append(n, message.line, message.replyFrom, message.replyTo);
        n = append(n, own.sidInLine);
        n = append(n, length);
        head[n++] = ' ';
        n = append(n, length);
        head[n++] = '\r';
        head[n++] = '\n';
        n = append(n, NOBODY);
        n = append(n, message.line, message.subjectFrom, message.subjectTo);
        for (int i = 0; i < 3; i++) {
            head[n++] = '\r';
            head[n++] = '\n';
        }
        from.out.write(head, n, head, 0, 0);
        flushLater(from);
    }

    private int append(int at, byte[] bytes) {
        return append(at, bytes, 0, bytes.length);
    }

    private int append(int at, byte[] bytes, int from, int to) {
        System.arraycopy(bytes, from, head, at, to - from);
        return at + to - from;
    }
}
