// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.protocol.ProtocolException;
import dev.midge.testkit.server.Authenticator.Verdict;
import dev.midge.testkit.server.ServerInfo.Occasion;
import dev.midge.testkit.server.ServerSettings.Limits;
import dev.midge.testkit.server.ServerSettings.Times;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client: what it said of itself, what it may do, its subscriptions; and what its commands do, as nats-server's
 * client.go has it. On the event loop of the server.
 */
final class ClientSession implements Commands {
    private static final byte[] OK = "+OK\r\n".getBytes(US_ASCII);
    private static final byte[] PING = "PING\r\n".getBytes(US_ASCII);
    private static final byte[] PONG = "PONG\r\n".getBytes(US_ASCII);

    /** What a client is taken for that has not sent CONNECT: verbose, pedantic, with echo. */
    private static final Connect SILENT = Connect.parse("{}");

    final Outbound out;
    /** Whether {@link Router#flush} has it on its list. */
    boolean flushPending;

    private final ServerCore server;
    private final ClientHandler handler;
    private final CommandDecoder decoder;
    private final KeepAlive keepAlive;
    private final long id;
    private final ClientSubscriptions subscriptions;

    private Connect connect = SILENT;
    private @Nullable Permissions permissions;
    private boolean connectReceived;
    private boolean infoSent;
    private boolean over;
    private @Nullable Future<?> authTimer;

    ClientSession(ServerCore server, ClientHandler handler, long id) {
        this.server = server;
        this.handler = handler;
        this.id = id;
        Limits limits = server.settings().limits();
        Times times = server.settings().times();
        subscriptions = new ClientSubscriptions(this, server);
        decoder = new CommandDecoder(this, limits.maxControlLine());
        out = new Outbound(handler.channel(), limits.maxPending(), times.write().toNanos(), this::drop);
        keepAlive = new KeepAlive(
                handler.channel().eventLoop(), times.ping(), times.maxPingsOut(), this::sendPing, this::stale);
    }

    /** Sends the first INFO. */
    void hello() {
        send(server.info().line(id, handler.clientIp(), Occasion.HELLO));
    }

    /** The connection is as it should be, encrypted if need be: from now on time counts. */
    void start() {
        Times times = server.settings().times();
        if (server.settings().authRequired()) {
            authTimer = handler.channel()
                    .eventLoop()
                    .schedule(() -> fail("Authentication Timeout"), times.auth().toNanos(), TimeUnit.NANOSECONDS);
        }
        keepAlive.start();
    }

    void received(byte[] bytes, int length) {
        decoder.decode(bytes, 0, length);
    }

    @Override
    public boolean begins(byte first) {
        if (connectReceived || !server.settings().authRequired() || first == 'C' || first == 'c') {
            return true;
        }
        Verdict verdict = server.authenticator().withoutConnect();
        if (!verdict.admitted()) {
            return fail("Authorization Violation");
        }
        cancelAuthTimer();
        connectReceived = true;
        permissions = verdict.permissions();
        return true;
    }

    @Override
    public boolean connect(byte[] bytes, int from, int to) {
        cancelAuthTimer();
        keepAlive.connected();
        try {
            // What a second CONNECT does not say stays as the first one said it.
            String json = new String(bytes, from, to - from, UTF_8).strip();
            connect = Connect.parse(json.equals("null") ? "{}" : json, connect);
        } catch (ProtocolException e) {
            return fail(null);
        }
        if (connectReceived) {
            subscriptions.removeAll();
        }
        connectReceived = true;
        Verdict verdict = server.authenticator().authenticate(connect);
        String account = connect.account();
        if (!verdict.admitted() || connect.newAccount() || (account != null && !account.isEmpty())) {
            return fail("Authorization Violation");
        }
        permissions = verdict.permissions();
        if (connect.protocol() < 0 || connect.protocol() > 1) {
            return fail("invalid client protocol");
        }
        if (connect.noResponders() && !headers()) {
            return fail("no responders requires headers support");
        }
        return ok();
    }

    @Override
    public boolean info(byte[] bytes, int from, int to) {
        try {
            Info.parse(new String(bytes, from, to - from, UTF_8));
            return true;
        } catch (ProtocolException e) {
            return fail(null);
        }
    }

    @Override
    public boolean ping() {
        send(PONG);
        keepAlive.active();
        if (connectReceived && !infoSent) {
            infoSent = true;
            sendInfo(Occasion.CONNECTED);
        }
        return !over;
    }

    @Override
    public boolean pong() {
        keepAlive.pong();
        return true;
    }

    @Override
    public boolean subscribe(byte[] bytes, int from, int to) {
        List<String> arguments = Arguments.split(bytes, from, to);
        int count = arguments.size();
        if (count < 2 || count > 3) {
            return fail(null);
        }
        keepAlive.active();
        String queue = count == 3 ? arguments.get(1) : null;
        String error = subscriptions.add(arguments.get(0), queue, arguments.get(count - 1), permissions);
        return error == null ? ok() : error(error);
    }

    @Override
    public boolean unsubscribe(byte[] bytes, int from, int to) {
        List<String> arguments = Arguments.split(bytes, from, to);
        int count = arguments.size();
        if (count < 1 || count > 2) {
            return fail(null);
        }
        keepAlive.active();
        byte[] digits = count == 2 ? Arguments.bytes(arguments.get(1)) : new byte[0];
        subscriptions.end(arguments.get(0), Arguments.number(digits, 0, digits.length));
        return ok();
    }

    @Override
    public boolean publishLine(Publication message) {
        int maxPayload = server.settings().limits().maxPayload();
        if (message.withHeaders && !headers()) {
            return fail(null);
        }
        if (message.size > maxPayload) {
            return fail("Maximum Payload Violation");
        }
        return !connect.pedantic() || Wildcards.isLiteral(message.subject()) || error("Invalid Publish Subject");
    }

    @Override
    public boolean publish(Publication message, byte[] bytes, int body) {
        keepAlive.active();
        if (ReservedSubjects.isSubject(message)
                || (permissions != null
                        && permissions.restrictsPublish()
                        && !permissions.allowsPublish(message.subject()))) {
            return error("Permissions Violation for Publish to " + GoQuote.quote(message.subject()));
        }
        if (message.hasReply() && ReservedSubjects.isReply(message)) {
            return error("Permissions Violation for Publish with Reply of " + GoQuote.quote(message.reply()));
        }
        if (connect.verbose()) {
            send(OK);
        }
        server.router().publish(this, message, bytes, body);
        return !over;
    }

    @Override
    public boolean clientError() {
        return fail(null);
    }

    @Override
    public void unparsable(Fault fault) {
        fail(
                switch (fault) {
                    case UNKNOWN_OPERATION -> "Unknown Protocol Operation";
                    case CONTROL_LINE_TOO_LONG -> "maximum control line exceeded";
                    case BAD_ARGUMENTS -> null;
                });
    }

    boolean echo() {
        return connect.echo();
    }

    boolean headers() {
        return connect.headers() && server.settings().headers();
    }

    boolean wantsNoResponders() {
        return connect.noResponders();
    }

    boolean isOver() {
        return over;
    }

    /** Whether a message may be delivered to one of its subscriptions. */
    boolean mayGet(Publication message, @Nullable String queue) {
        return permissions == null
                || !permissions.filtersDelivery()
                || permissions.allowsDelivery(message.subject(), queue);
    }

    /** A message that wants a reply was delivered. */
    void delivered(Publication message) {
        if (permissions != null && permissions.countsReplies()) {
            permissions.delivered(message.reply());
        }
    }

    /** Reads nothing more from this client until another one has caught up, or a moment has passed. */
    void waitFor(Outbound other) {
        handler.pause(other);
    }

    /** Sends an INFO to a client that can take it now. */
    void announce(Occasion occasion) {
        if (infoSent) {
            sendInfo(occasion);
        }
    }

    private void sendInfo(Occasion occasion) {
        if (connect.protocol() >= 1) {
            send(server.info().line(id, handler.clientIp(), occasion));
        }
    }

    void remove(Sub sub) {
        subscriptions.remove(sub);
    }

    private void send(byte[] line) {
        out.write(line);
        server.router().flushLater(this);
    }

    private void sendPing() {
        send(PING);
        server.router().flush();
    }

    private void stale() {
        fail("Stale Connection");
    }

    private boolean ok() {
        if (connect.verbose()) {
            send(OK);
        }
        return !over;
    }

    private boolean error(String text) {
        send(("-ERR '" + text + "'\r\n").getBytes(UTF_8));
        return !over;
    }

    /** Ends the connection, with a text or without. */
    boolean fail(@Nullable String text) {
        if (!over) {
            if (text != null) {
                error(text);
            }
            close();
        }
        return false;
    }

    /** Ends the connection behind what has been sent to it. */
    void close() {
        if (!over) {
            out.flush();
            end();
            handler.closeBehindWrites();
        }
    }

    /** Ends the connection at once. */
    private void drop() {
        if (!over) {
            end();
            handler.close();
        }
    }

    /** The connection has ended. */
    void end() {
        if (!over) {
            over = true;
            decoder.end();
            keepAlive.stop();
            cancelAuthTimer();
            subscriptions.removeAll();
            out.end();
            server.gone(this);
        }
    }

    private void cancelAuthTimer() {
        if (authTimer != null) {
            authTimer.cancel(false);
            authTimer = null;
        }
    }
}
