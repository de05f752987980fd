// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.conformance.Player.Difference;
import dev.midge.testkit.conformance.Player.NotOffered;
import dev.midge.testkit.conformance.Step.Action;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The suite as the client of a server under test. */
final class ServerStage implements Player.Stage {
    private static final Map<String, Object> CONNECT = connect();

    private static final String ANNOUNCE = "announce ";
    private static final String FORGET = "forget ";
    private static final String RELOAD = "reload ";

    private final ServerUnderTest.Running server;

    ServerStage(ServerUnderTest.Running server) {
        this.server = server;
    }

    /** What clients say who want to hear nothing but what they asked for. */
    private static Map<String, Object> connect() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("verbose", false);
        fields.put("pedantic", false);
        fields.put("echo", true);
        fields.put("lang", "conformance");
        fields.put("version", "1");
        fields.put("protocol", 1L);
        fields.put("headers", true);
        fields.put("no_responders", true);
        return fields;
    }

    @Override
    public Wire open(long deadline) throws IOException {
        Socket socket = new Socket();
        try {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            socket.connect(new InetSocketAddress(server.host(), server.port()), (int) Math.max(1, left));
            return new Wire(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public Wire handshake(String overrides, Player player) throws IOException, Difference {
        Wire wire = open(player.deadline());
        boolean done = false;
        try {
            player.expect(wire, Expectation.parse("INFO {}"));
            Map<String, Object> fields = new LinkedHashMap<>(CONNECT);
            fields.putAll(Expectation.Fields.object(server.credentials()));
            wire.send("CONNECT " + Expectation.Fields.merge(fields, overrides) + "\r\n", 0);
            boolean open = player.settle(wire);
            // An INFO may follow the first PONG: it comes before the second one.
            open &= player.settle(wire);
            wire.pending().remove("+OK\r\n");
            String more = wire.pending().peek();
            if (!open || more != null) {
                throw new Difference(more == null ? "closed" : Text.quote(more));
            }
            done = true;
            return wire;
        } finally {
            if (!done) {
                wire.close();
            }
        }
    }

    @Override
    public void encrypt(Wire wire) throws NotOffered {
        wire.encrypt(server.trusting().getSocketFactory());
    }

    @Override
    public void act(Action action, Map<String, String> variables, long deadline) throws NotOffered {
        if (action instanceof Step.TellServer tell) {
            tell(tell.command());
        } else {
            throw new IllegalArgumentException("only for clients: " + action);
        }
    }

    private void tell(String command) throws NotOffered {
        if (command.equals("lame duck")) {
            server.lameDuck();
        } else if (command.startsWith(ANNOUNCE)) {
            server.announce(command.substring(ANNOUNCE.length()));
        } else if (command.startsWith(FORGET)) {
            server.forget(command.substring(FORGET.length()));
        } else if (command.startsWith(RELOAD)) {
            Needs.Reader needs = new Needs.Reader();
            List.of(command.substring(RELOAD.length()).split("; *")).forEach(needs::line);
            server.reload(needs.needs());
        } else {
            throw new IllegalArgumentException("servers cannot be told " + command);
        }
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }
}
