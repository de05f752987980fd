// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.conformance.Step.Action;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Plays one conversation, in the thread that calls it. Each expectation has the same time; nothing waits for time to
 * pass. That nothing more comes is shown by a PING whose PONG is the next frame.
 */
final class Player implements AutoCloseable {
    /** After this time without a frame, a PING shows whether there will be one. */
    static final Duration SOON = Duration.ofSeconds(1);

    /** Where frames come by the clock, an expectation waits so many times as long. */
    private static final int CLOCK = 3;

    /** How long each of several connections is listened to before the next one. */
    private static final Duration TURN = Duration.ofMillis(20);

    /** Servers send these when they like: passed over unless expected, and a PING is answered. */
    private static final Set<String> AT_ANY_TIME = Set.of("INFO", "PING");

    private static final Pattern SUB =
            Pattern.compile("^SUB[ \\t]+(?:\\S+[ \\t]+){1,2}(\\S+)\\r?$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private final Stage stage;
    private final Duration ordinary;
    private final Duration soon;

    /** How long an expectation waits. */
    private Duration patience;

    /** Whether what does not come soon is asked for with a PING: not where frames come by the clock. */
    private boolean probing;

    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, Wire> wires = new LinkedHashMap<>();
    private final Map<Wire, Set<String>> subscribed = new HashMap<>();

    Player(Stage stage, Duration patience) {
        this(stage, patience, SOON);
    }

    /** With another time than {@link #SOON}: a peer that plays a script does not answer a PING that is not in it. */
    Player(Stage stage, Duration patience, Duration soon) {
        this.stage = stage;
        this.ordinary = patience;
        this.soon = soon;
        this.patience = patience;
    }

    /** What differs between the two halves of the suite. */
    interface Stage {
        /** Opens or accepts a connection. */
        Wire open(long deadline) throws IOException;

        /** Opens or accepts a connection, and brings it to where both may send what they like. */
        Wire handshake(String overrides, Player player) throws IOException, Difference, NotOffered;

        /** Begins TLS. */
        void encrypt(Wire wire) throws NotOffered;

        /** Does what a line says that is not about a connection. */
        void act(Action action, Map<String, String> variables, long deadline)
                throws IOException, Difference, NotOffered;

        /** What else may explain a difference, or null. */
        @Nullable
        String trouble() throws NotOffered;
    }

    /** Something else was seen than was expected. */
    static final class Difference extends Exception {
        private static final long serialVersionUID = 1L;

        Difference(String seen) {
            super(seen);
        }

        String seen() {
            return String.valueOf(getMessage());
        }
    }

    /** What a line needs is not there. */
    static final class NotOffered extends Exception {
        private static final long serialVersionUID = 1L;

        NotOffered(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** Plays it to the end or to the first difference. */
    Outcome play(Conversation conversation) {
        probing = !conversation.byTheClock();
        patience = conversation.byTheClock() ? ordinary.multipliedBy(CLOCK) : ordinary;
        for (Step step : conversation.steps()) {
            try {
                String seen = seenInstead(step.action());
                if (seen != null) {
                    String trouble = stage.trouble();
                    return new Outcome.Differs(step.text(), trouble == null ? seen : seen + "; " + trouble);
                }
            } catch (NotOffered e) {
                return new Outcome.NotRun(e.reason());
            }
        }
        return new Outcome.Passed();
    }

    private @Nullable String seenInstead(Action action) throws NotOffered {
        try {
            take(action);
            return null;
        } catch (Difference e) {
            return e.seen();
        } catch (SocketTimeoutException e) {
            return "nothing within " + patience.toMillis() + " ms";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void take(Action action) throws IOException, Difference, NotOffered {
        if (action instanceof Step.Open open) {
            wires.put(open.party(), stage.open(deadline()));
        } else if (action instanceof Step.Handshake handshake) {
            wires.put(handshake.party(), stage.handshake(handshake.overrides(), this));
        } else if (action instanceof Step.Encrypt encrypt) {
            stage.encrypt(wire(encrypt.party()));
        } else if (action instanceof Step.Send send) {
            send(wire(send.party()), send.bytes().render(variables), send.pieceSize());
        } else if (action instanceof Step.Expect expect) {
            expect(wire(expect.party()), expect.frame());
        } else if (action instanceof Step.ExpectAll all) {
            expectAll(wire(all.party()), all.frames());
        } else if (action instanceof Step.ExpectOne one) {
            expectOne(one.parties(), one.frame());
        } else if (action instanceof Step.ExpectSome some) {
            expectSome(some.parties(), some.frame());
        } else if (action instanceof Step.ExpectNothing nothing) {
            expectNothing(wire(nothing.party()));
        } else if (action instanceof Step.ExpectClosed closed) {
            expectClosed(wire(closed.party()));
        } else if (action instanceof Step.Close close) {
            wire(close.party()).close();
            wires.remove(close.party());
        } else {
            stage.act(action, variables, deadline());
        }
    }

    private void send(Wire wire, String bytes, int pieceSize) {
        Matcher sub = SUB.matcher(bytes);
        while (sub.find()) {
            subscribed.computeIfAbsent(wire, key -> new LinkedHashSet<>()).add(sub.group(1));
        }
        wire.send(bytes, pieceSize);
    }

    /** Expects that the next frame is this one. */
    void expect(Wire wire, Expectation expected) throws IOException, Difference {
        expect(expected, nextOrNothing(wire, Set.of(expected.verb())));
    }

    private void expect(Expectation expected, @Nullable String frame) throws Difference {
        String mismatch = frame == null ? "closed" : expected.mismatch(frame, variables);
        if (mismatch != null) {
            throw new Difference(mismatch);
        }
    }

    private void expectAll(Wire wire, List<Expectation> expected) throws IOException, Difference {
        List<Expectation> left = new ArrayList<>(expected);
        while (!left.isEmpty()) {
            String frame = nextOrNothing(wire, Set.of());
            if (frame == null) {
                throw new Difference("closed");
            }
            if (!left.remove(left.stream()
                    .filter(one -> one.mismatch(frame, variables) == null)
                    .findFirst()
                    .orElse(null))) {
                throw new Difference(Text.quote(frame));
            }
        }
    }

    private void expectOne(List<String> parties, Expectation expected) throws IOException, Difference {
        List<String> seen = new ArrayList<>();
        for (String party : parties) {
            Wire wire = wire(party);
            settle(wire);
            while (!wire.pending().isEmpty()) {
                seen.add(wire.pending().remove());
            }
        }
        if (seen.size() != 1 || expected.mismatch(seen.get(0), variables) != null) {
            throw new Difference(seen.isEmpty() ? "nothing" : Text.quote(String.join("", seen)));
        }
    }

    private void expectSome(List<String> parties, Expectation expected) throws IOException, Difference {
        long deadline = deadline();
        while (true) {
            for (String party : parties) {
                Wire wire = wire(party);
                try {
                    expect(expected, nextFor(wire, Set.of(), Math.min(deadline, System.nanoTime() + TURN.toNanos())));
                    wires.put(party, wire(parties.get(0)));
                    wires.put(parties.get(0), wire);
                    return;
                } catch (SocketTimeoutException e) {
                    if (System.nanoTime() - deadline >= 0) {
                        throw e;
                    }
                }
            }
        }
    }

    private void expectNothing(Wire wire) throws IOException, Difference {
        boolean open = settleAll(wire, Set.of());
        String frame = wire.pending().peek();
        if (frame != null) {
            throw new Difference(Text.quote(frame));
        }
        if (!open) {
            throw new Difference("closed");
        }
    }

    private void expectClosed(Wire wire) throws IOException, Difference {
        String frame = nextOrNothing(wire, Set.of());
        if (frame != null) {
            throw new Difference(Text.quote(frame));
        }
    }

    /** All that any of the connections leads to on this one is pending afterwards. */
    private boolean settleAll(Wire wire, Set<String> wanted) throws IOException {
        for (Wire other : wires.values()) {
            if (other != wire) {
                settle(other);
            }
        }
        return settle(wire, wanted);
    }

    /**
     * All that the peer sends in answer to what it has got so far is pending afterwards, and nothing else. False when it
     * closed the connection instead.
     */
    boolean settle(Wire wire) throws IOException {
        return settle(wire, Set.of());
    }

    /** Likewise, and frames of these verbs are pending even if they may come at any time. */
    private boolean settle(Wire wire, Set<String> wanted) throws IOException {
        wire.send("PING\r\n", 0);
        List<String> before = new ArrayList<>();
        long deadline = deadline();
        String frame = nextFor(wire, wanted, deadline);
        while (frame != null && !frame.equals("PONG\r\n")) {
            before.add(frame);
            frame = nextFor(wire, wanted, deadline);
        }
        for (int i = before.size() - 1; i >= 0; i--) {
            wire.putBack(before.get(i));
        }
        return frame != null;
    }

    /** As nextFor, but does not wait for long where a PING shows that there is nothing to wait for. */
    private @Nullable String nextOrNothing(Wire wire, Set<String> wanted) throws IOException, Difference {
        long deadline = deadline();
        if (!probing) {
            return nextFor(wire, wanted, deadline);
        }
        try {
            return nextFor(wire, wanted, Math.min(deadline, System.nanoTime() + soon.toNanos()));
        } catch (SocketTimeoutException e) {
            if (settleAll(wire, wanted) && wire.pending().isEmpty()) {
                throw new Difference("nothing");
            }
            return nextFor(wire, wanted, deadline);
        }
    }

    /** The next frame but those that may come at any time and are not of the verbs given. */
    private @Nullable String nextFor(Wire wire, Set<String> wanted, long deadline) throws IOException {
        while (true) {
            String frame = wire.next(deadline);
            String verb = frame == null ? "" : Expectation.verbOf(frame);
            // Before CONNECT a client may say nothing at all.
            boolean now = wanted.contains(verb) || wanted.contains("CONNECT");
            if (frame == null || now || !AT_ANY_TIME.contains(verb)) {
                return frame;
            }
            if (verb.equals("PING")) {
                wire.send("PONG\r\n", 0);
            }
        }
    }

    long deadline() {
        return System.nanoTime() + patience.toNanos();
    }

    private Wire wire(String party) {
        Wire wire = wires.get(party);
        if (wire == null) {
            throw new IllegalArgumentException("there is no connection " + party + " yet");
        }
        return wire;
    }

    /** Ends the subscriptions first, so that the next conversation finds none of them. */
    @Override
    public void close() {
        for (Wire wire : wires.values()) {
            Set<String> sids = subscribed.getOrDefault(wire, Set.of());
            if (!sids.isEmpty()) {
                sids.forEach(sid -> wire.send("UNSUB " + sid + "\r\n", 0));
                try {
                    settle(wire);
                } catch (IOException e) {
                    // It hangs, and the conversation has shown that already.
                }
            }
        }
        wires.values().forEach(Wire::close);
    }
}
