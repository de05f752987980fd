// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.conformance.Player.Difference;
import dev.midge.testkit.conformance.Player.NotOffered;
import dev.midge.testkit.conformance.Step.Action;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The suite as the server of a client under test. */
final class ClientStage implements Player.Stage, AutoCloseable {
    /** Clients tell these and messages by threads of their own: the order of the two says nothing. */
    private static final Set<String> EVENTS = Set.of("CLOSED", "ERROR");

    private final ServerSocket listening;
    private final ClientSession client;
    private final List<String> aside = new ArrayList<>();

    /** Starts a client for the URL that it is given. */
    ClientStage(Function<String, ClientSession> start) throws IOException {
        listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        try {
            client = start.apply("nats://127.0.0.1:" + listening.getLocalPort());
        } catch (RuntimeException e) {
            listening.close();
            throw e;
        }
    }

    /** What servers say who have all that clients need. */
    private Map<String, Object> info() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("server_id", "CONFORMANCE");
        fields.put("server_name", "conformance");
        fields.put("version", "2.15.2");
        fields.put("proto", 1L);
        fields.put("go", "none");
        fields.put("host", "127.0.0.1");
        fields.put("port", (long) listening.getLocalPort());
        fields.put("headers", true);
        fields.put("max_payload", 1048576L);
        fields.put("client_id", 7L);
        fields.put("client_ip", "127.0.0.1");
        return fields;
    }

    @Override
    public Wire open(long deadline) throws IOException {
        listening.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        return new Wire(listening.accept());
    }

    @Override
    public Wire handshake(String overrides, Player player) throws IOException, Difference {
        Wire wire = open(player.deadline());
        boolean done = false;
        try {
            wire.send("INFO " + Expectation.Fields.merge(info(), overrides) + " \r\n", 0);
            player.expect(wire, Expectation.parse("CONNECT {\"verbose\":false}"));
            player.expect(wire, Expectation.parse("PING\r\n"));
            wire.send("PONG\r\n", 0);
            done = true;
            return wire;
        } finally {
            if (!done) {
                wire.close();
            }
        }
    }

    @Override
    public void encrypt(Wire wire) {
        throw new IllegalArgumentException("only for servers: encrypts");
    }

    @Override
    public void act(Action action, Map<String, String> variables, long deadline)
            throws IOException, Difference, NotOffered {
        if (action instanceof Step.TellClient tell) {
            client.tell(tell.command().render(variables));
        } else if (action instanceof Step.HearClient hear) {
            hear(hear.line(), variables, deadline);
        } else {
            throw new IllegalArgumentException("only for servers: " + action);
        }
    }

    private void hear(Expectation expected, Map<String, String> variables, long deadline)
            throws IOException, Difference, NotOffered {
        if (aside.removeIf(line -> expected.mismatch(line, variables) == null)) {
            return;
        }
        while (true) {
            String line = client.hear(deadline);
            if (line == null) {
                throw new SocketTimeoutException();
            }
            String mismatch = expected.mismatch(line, variables);
            if (mismatch == null) {
                return;
            }
            refuseUnsupported(line);
            String verb = Expectation.verbOf(line);
            if (EVENTS.contains(verb)) {
                aside.add(line);
            } else if (!line.equals(ClientSession.OK)) {
                throw new Difference(mismatch);
            }
        }
    }

    @Override
    public @Nullable String trouble() throws NotOffered {
        for (String line = client.hear(System.nanoTime()); line != null; line = client.hear(System.nanoTime())) {
            refuseUnsupported(line);
            if (!line.equals(ClientSession.OK)) {
                aside.add(line);
            }
        }
        return aside.isEmpty() ? null : Text.quote(String.join("; ", aside));
    }

    private static void refuseUnsupported(String line) throws NotOffered {
        if (line.equals(ClientSession.UNSUPPORTED)) {
            throw new NotOffered("its adapter does not support a command of the conversation");
        }
    }

    @Override
    public void close() throws IOException {
        try (listening) {
            client.close();
        }
    }
}
