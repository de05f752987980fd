// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.testkit.base.ScriptedConnection;
import dev.midge.testkit.base.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A connection and the server at its other end, both in the hands of the test. */
final class Session implements AutoCloseable {
    static final String INFO =
            "INFO {\"server_id\":\"S\",\"headers\":true,\"max_payload\":1048576,\"client_id\":7,\"client_ip\":\"::1\"} \r\n";

    /** Each step of the server, and each call that is bound to end. */
    static final Duration LONG = Duration.ofSeconds(30);

    final EventLog events = new EventLog();
    final ScriptedServer server;

    /** The server's side: the test takes its steps, one after the other. Nothing is read between them. */
    final ScriptedConnection peer;

    /** The line of CONNECT. */
    final String connect;

    final NatsConnection nc;

    private final CountDownLatch over = new CountDownLatch(1);

    private Session(String info, String userInfo, OptionsBuilder options) throws Exception {
        CompletableFuture<String> line = new CompletableFuture<>();
        CompletableFuture<ScriptedConnection> established = new CompletableFuture<>();
        server = ScriptedServer.start(LONG, connection -> {
            line.complete(connection.send(info).readLine());
            connection.expect("PING\r\n");
            connection.send(line.join().contains("\"verbose\":true") ? "+OK\r\nPONG\r\n" : "PONG\r\n");
            established.complete(connection);
            connection.await(over);
            confirmClose(connection);
        });
        nc = (NatsConnection) Nats.connect(options.listener(events)
                .servers(server.url().replace("nats://", "nats://" + userInfo))
                .connectTimeout(LONG)
                .build());
        connect = line.get();
        peer = established.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    static Session open() throws Exception {
        return open(options -> {});
    }

    /** With other options than the default ones; servers, listener and connectTimeout are taken. */
    static Session open(Consumer<OptionsBuilder> change) throws Exception {
        return open(INFO, change);
    }

    static Session open(String info, Consumer<OptionsBuilder> change) throws Exception {
        return open(info, "", change);
    }

    /** As somebody: {@code user:password@} or {@code token@}. */
    static Session open(String info, String userInfo, Consumer<OptionsBuilder> change) throws Exception {
        OptionsBuilder options = Options.builder().reconnect(Reconnect.never()).closeTimeout(LONG);
        change.accept(options);
        return new Session(info, userInfo, options);
    }

    /** Answers the PING of close, if there is still somebody to. */
    private static void confirmClose(ScriptedConnection connection) {
        try {
            connection.expectUntil("PING\r\n").send("PONG\r\n");
        } catch (AssertionError e) {
            // closed already
        }
    }

    /** A MSG of the server. */
    static String msg(String subject, long sid, String payload) {
        return "MSG " + subject + " " + sid + " " + payload.length() + "\r\n" + payload + "\r\n";
    }

    /** So many MSG with the payloads {@code from}, {@code from + 1} and so on. */
    static String msgs(String subject, long sid, int from, int count) {
        StringBuilder frames = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            frames.append(msg(subject, sid, String.valueOf(i)));
        }
        return frames.toString();
    }

    /** Returns when the client has read all that was sent so far; it must not send anything else meanwhile. */
    void barrier() {
        peer.send("PING\r\n").expect("PONG\r\n");
    }

    /** Whether the client has sent nothing but what was expected so far. */
    void expectNothingSent() {
        CompletableFuture<Void> flushed = nc.flushAsync();
        peer.expect("PING\r\n").send("PONG\r\n");
        flushed.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Subscribes for next(), and takes the SUB. */
    Subscription pull(String subject, Consumer<SubscribeOptions.Builder> change) {
        Subscription subscription = nc.subscribe(subject, subscribeOptions(change));
        expectSub(subscription);
        return subscription;
    }

    Subscription pull(String subject) {
        return pull(subject, options -> {});
    }

    /** Subscribes with a handler, and takes the SUB. */
    Subscription handle(String subject, Consumer<SubscribeOptions.Builder> change, MessageHandler handler) {
        Subscription subscription = nc.subscribe(subject, subscribeOptions(change), handler);
        expectSub(subscription);
        return subscription;
    }

    Subscription handle(String subject, MessageHandler handler) {
        return handle(subject, options -> {}, handler);
    }

    private static SubscribeOptions subscribeOptions(Consumer<SubscribeOptions.Builder> change) {
        SubscribeOptions.Builder options = SubscribeOptions.builder();
        change.accept(options);
        return options.build();
    }

    private void expectSub(Subscription subscription) {
        String queue = subscription.queue() == null ? "" : subscription.queue() + " ";
        peer.expect("SUB " + subscription.subject() + " " + queue + subscription.sid() + "\r\n");
    }

    @Override
    public void close() {
        over.countDown();
        nc.close();
        server.close();
    }
}
