// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.OptionsBuilder;
import dev.midge.client.Reconnect;
import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A connection to a server that the test plays itself, step by step: it takes what is published, and acks it or not. */
final class ScriptedStream implements AutoCloseable {
    static final String NO_RESPONDERS = "NATS/1.0 503\r\n\r\n";

    final Connection nc;
    private final ScriptedServer server;
    private final BlockingQueue<ScriptedConnection> connections = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);

    private ScriptedConnection peer;
    private String inbox = "";

    /** What was published, as it came. */
    record Published(String subject, String replyTo, String headers, String payload) {}

    ScriptedStream(String version, Consumer<OptionsBuilder> change) throws InterruptedException {
        server = ScriptedServer.startRepeating(connection -> {
            connection.send(info(version)).readLine();
            connection.expect("PING\r\n").send("PONG\r\n");
            connections.add(connection);
            over.await(); // the steps have a limit, the whole conversation none but that of the test
        });
        OptionsBuilder options = Patience.options(server.url())
                .pingInterval(Duration.ZERO)
                .closeTimeout(Duration.ZERO)
                .reconnect(Reconnect.builder().wait(Duration.ofMillis(10)).build());
        change.accept(options);
        nc = Nats.connect(options.build());
        peer = awaitConnection();
    }

    private static String info(String version) {
        return "INFO {\"server_id\":\"S\",\"version\":\"" + version
                + "\",\"headers\":true,\"max_payload\":1048576} \r\n";
    }

    private ScriptedConnection awaitConnection() throws InterruptedException {
        ScriptedConnection connection = connections.poll(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
        if (connection == null) {
            throw new AssertionError("no connection came within " + Patience.LONG);
        }
        return connection;
    }

    JetStream jetStream(Consumer<JetStreamOptions.Builder> change) {
        JetStreamOptions.Builder options = JetStreamOptions.builder().timeout(Patience.LONG);
        change.accept(options);
        return JetStream.of(nc, options.build());
    }

    /** Loses the client, and has the next connection. */
    void lose() throws InterruptedException {
        loseForGood();
        peer = awaitConnection();
        inbox = "";
    }

    void loseForGood() {
        peer.reset();
    }

    /** Takes a message, and the SUB of the inbox in front of the first one. */
    Published published() {
        if (inbox.isEmpty()) {
            List<String> sub = words(peer.readLine());
            if (sub.size() != 3 || !sub.get(0).equals("SUB") || !sub.get(1).endsWith(".*")) {
                throw new AssertionError("not the SUB of an inbox: " + sub);
            }
            inbox = sub.get(2);
        }
        List<String> pub = words(peer.readLine());
        boolean headed = pub.get(0).equals("HPUB");
        if (pub.size() != (headed ? 5 : 4)) {
            throw new AssertionError("not a message with a reply-to: " + pub);
        }
        int headers = headed ? Integer.parseInt(pub.get(3)) : 0;
        byte[] block = peer.read(headers);
        byte[] payload = peer.read(Integer.parseInt(pub.get(pub.size() - 1)) - headers);
        peer.expect("\r\n");
        return new Published(pub.get(1), pub.get(2), new String(block, UTF_8), new String(payload, UTF_8));
    }

    private static List<String> words(String line) {
        return List.of(line.strip().split(" "));
    }

    /** Answers a message. */
    void answer(Published to, String json) {
        int length = json.getBytes(UTF_8).length;
        peer.send("MSG " + to.replyTo() + " " + inbox + " " + length + "\r\n" + json + "\r\n");
    }

    void ack(Published to, long sequence) {
        answer(to, "{\"stream\":\"S\",\"seq\":" + sequence + "}");
    }

    /** Answers a message with a status, and returns when the client has it. */
    void status(Published to, String block) {
        long before = nc.statistics().inMessages();
        int length = block.length();
        peer.send("HMSG " + to.replyTo() + " " + inbox + " " + length + " " + length + "\r\n" + block + "\r\n");
        Patience.until("the status", () -> nc.statistics().inMessages() > before);
    }

    /** Takes the SUB of a subscription, and sends it a message. */
    void go() {
        List<String> sub = words(peer.readLine());
        peer.send("MSG " + sub.get(1) + " " + sub.get(2) + " 0\r\n\r\n");
    }

    void send(String text) {
        peer.send(text);
    }

    @Override
    public void close() {
        over.countDown();
        nc.close();
        server.close();
    }
}
