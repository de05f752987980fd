// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.OptionsBuilder;
import dev.midge.client.Reconnect;
import dev.midge.testkit.VirtualTime;
import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server in the hands of the test, byte for byte, and a connection to it in virtual time. */
final class Script implements AutoCloseable {
    private static final String INFO =
            "INFO {\"server_id\":\"S\",\"version\":\"2.15.2\",\"api_lvl\":5,\"headers\":true,"
                    + "\"max_payload\":1048576}\r\n";

    /** Each step of the server, and each call that is bound to end. */
    private static final Duration LONG = Patience.LONG;

    final VirtualTime time = new VirtualTime();
    final Connection nc;
    final JetStream js;
    final ScriptedConnection peer;

    private final ScriptedServer server;
    private final CountDownLatch over = new CountDownLatch(1);

    /** What comes first of a message to a subscription: its inbox without the star. */
    String inbox = "";

    Script() throws Exception {
        CompletableFuture<ScriptedConnection> established = new CompletableFuture<>();
        server = ScriptedServer.start(LONG, connection -> {
            connection.send(INFO).readLine();
            connection.expect("PING\r\n").send("PONG\r\n");
            established.complete(connection);
            connection.await(over);
        });
        OptionsBuilder options = Options.builder()
                .servers(server.url())
                .eventLoops(time.eventLoops())
                .executor(Runnable::run) // so that all has been done when time has passed
                .pingInterval(Duration.ZERO)
                .connectTimeout(Duration.ofDays(1)) // of virtual time
                .closeTimeout(Duration.ZERO) // nobody confirms it
                .reconnect(Reconnect.never());
        nc = Nats.connect(options.build());
        js = JetStream.of(nc);
        peer = established.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** A request or a pull as it came. */
    record Asked(String subject, String replyTo, String body) {}

    /** Takes the SUB of a consumption. */
    void expectSub() {
        List<String> sub = List.of(peer.readLine().strip().split(" "));
        if (!sub.get(0).equals("SUB") || !sub.get(1).endsWith(".*") || sub.size() != 3) {
            throw new AssertionError("not the SUB of an inbox: " + sub);
        }
        inbox = sub.get(1).substring(0, sub.get(1).length() - 1);
    }

    /** Takes the SUB of the inbox of the connection's requests. */
    void expectSubOfRequests() {
        peer.expectLine("SUB _INBOX\\.\\w+\\.\\* \\d+");
    }

    /** Takes a pull. */
    Asked expectPull(long number) {
        Asked asked = expectRequest();
        if (!asked.replyTo.equals(inbox + number)) {
            throw new AssertionError("not pull " + number + ": " + asked);
        }
        return asked;
    }

    /** Takes the move of a consumption to another inbox, whose end is a PONG from the test. */
    void expectMove() {
        peer.expect("UNSUB 1\r\n");
        String before = inbox;
        expectSub();
        if (inbox.equals(before)) {
            throw new AssertionError("no other inbox: " + inbox);
        }
        peer.expect("PING\r\n");
    }

    Asked expectRequest() {
        return request(peer.readLine());
    }

    /** Takes the rest of a request, whose line has been read. */
    Asked request(String line) {
        List<String> pub = List.of(line.strip().split(" "));
        if (!pub.get(0).equals("PUB") || pub.size() != 4) {
            throw new AssertionError("not a request: " + pub);
        }
        byte[] body = peer.read(Integer.parseInt(pub.get(3)));
        peer.expect("\r\n");
        return new Asked(pub.get(1), pub.get(2), new String(body, UTF_8));
    }

    /** Sends the answer of the API to a request. */
    void answer(Asked asked, long sid, String json) {
        peer.send("MSG " + asked.replyTo + " " + sid + " " + json.getBytes(US_ASCII).length + "\r\n" + json + "\r\n");
    }

    /** Sends a status for a pull. */
    void status(long pull, String status, String... headers) {
        hmsg(inbox + pull, "NATS/1.0 " + status + "\r\n", headers, "", "");
    }

    /** Sends a message of stream S; its payload is its sequence number. */
    void message(long sid, String consumer, long delivery, long sequence) {
        String payload = String.valueOf(sequence);
        peer.send("MSG s.a " + sid + " $JS.ACK.S." + consumer + ".1." + sequence + "." + delivery
                + ".1700000000000000000.0 " + payload.length() + "\r\n" + payload + "\r\n");
    }

    /** Sends a message of stream S, consumer C; its payload is its sequence number. */
    void message(long sequence, String... headers) {
        String reply = " $JS.ACK.S.C.1." + sequence + "." + sequence + ".1700000000000000000.0";
        String payload = String.valueOf(sequence);
        if (headers.length == 0) {
            peer.send("MSG s.a 1" + reply + " " + payload.length() + "\r\n" + payload + "\r\n");
        } else {
            hmsg("s.a", "NATS/1.0\r\n", headers, reply, payload);
        }
    }

    private void hmsg(String subject, String line, String[] headers, String reply, String payload) {
        String block = line + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
        peer.send("HMSG " + subject + " 1" + reply + " " + block.length() + " " + (block.length() + payload.length())
                + "\r\n" + block + payload + "\r\n");
    }

    /** Returns when the client has read all that was sent so far, and done what comes of it; it must send nothing meanwhile. */
    void barrier() {
        peer.send("PING\r\n").expect("PONG\r\n");
    }

    @Override
    public void close() {
        over.countDown();
        nc.close();
        time.close();
        server.close();
    }
}
