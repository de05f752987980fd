// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * JetStream on a connection: makes, changes and lists streams, and publishes to them. Has no thread of its own and nothing to
 * close; all it holds is the window of its asynchronous publishes. Thread-safe.
 *
 * <pre>{@code
 * JetStream js = JetStream.of(nc);
 * js.createStream(StreamConfig.builder("ORDERS").subjects("orders.>").build());
 * PublishAck ack = js.publish("orders.new", "1");
 * Consumer c = js.stream("ORDERS").createConsumer(ConsumerConfig.builder().durable("w").build());
 * }</pre>
 *
 * <p>Every method that asks the server, of this and of {@link Stream} and {@link Consumer}, blocks for at most {@link
 * JetStreamOptions#timeout}, and throws
 * <ul>
 *   <li>{@link JetStreamApiException} if the server refuses, with its codes,
 *   <li>{@link JetStreamNotEnabledException} if there is no JetStream, or not for this account,
 *   <li>{@link ServerTooOldException} if the server does not have what was asked for yet; then nothing was asked,
 *   <li>{@link dev.midge.client.NatsTimeoutException} if no answer came in time: it may have been done all the same,
 *   <li>{@link JetStreamException} if the answer is not what the API says,
 *   <li>what {@link Connection#request(String, byte[], java.time.Duration)} throws, IllegalStateException on an event
 *       loop among them.
 * </ul>
 *
 * <p>Source: ADR-1, ADR-31, ADR-33, ADR-37, ADR-42, ADR-60; jetstream_api.go in nats-server.
 */
public final class JetStream {
    private static final String META_STEPDOWN = "META.LEADER.STEPDOWN";

    private final Api api;
    private final Publisher publisher;

    private JetStream(Api api) {
        this.api = api;
        publisher = new Publisher(api);
    }

    /** JetStream of the server's own domain. Asks nothing. */
    public static JetStream of(Connection connection) {
        return of(connection, JetStreamOptions.DEFAULTS);
    }

    /** JetStream with options. Asks nothing. */
    public static JetStream of(Connection connection, JetStreamOptions options) {
        return new JetStream(new Api(Objects.requireNonNull(connection, "connection"), options));
    }

    /** The connection. */
    public Connection connection() {
        return api.connection();
    }

    /** The options. */
    public JetStreamOptions options() {
        return api.options();
    }

    /** What the account has and may have. */
    public AccountInfo accountInfo() {
        return api.ask("cannot get account info", "INFO", AccountInfo.SCHEMA);
    }

    /** A stream, whether it is there or not: asks nothing. */
    public Stream stream(String name) {
        return new Stream(api, Rules.name("stream", name), null);
    }

    /** Makes a stream. One that is there already with the same configuration is what was asked for; with another it is refused. */
    public Stream createStream(StreamConfig config) {
        return put("cannot create stream ", "STREAM.CREATE.", config);
    }

    /** Changes a stream to a configuration, which is to be whole: what it does not set becomes the default. */
    public Stream updateStream(StreamConfig config) {
        return put("cannot update stream ", "STREAM.UPDATE.", config);
    }

    /** Changes a stream, as {@link #updateStream}, or makes it if there is none. */
    public Stream createOrUpdateStream(StreamConfig config) {
        try {
            return updateStream(config);
        } catch (JetStreamApiException e) {
            if (e.errCode() != Api.STREAM_NOT_FOUND) {
                throw e;
            }
        }
        return createStream(config);
    }

    private Stream put(String what, String subject, StreamConfig config) {
        String of = what + config.name();
        api.require(of, config);
        return new Stream(api, config.name(), api.ask(of, subject + config.name(), config.tree(), StreamInfo.SCHEMA));
    }

    /** Deletes a stream, with all it holds. */
    public void deleteStream(String name) {
        Rules.name("stream", name);
        api.ask("cannot delete stream " + name, "STREAM.DELETE." + name);
    }

    /**
     * Makes a stream from a snapshot, with all it held. There must be no stream of its name. Holds a chunk in memory at a time;
     * blocks until the server has all, and waits for each answer for at most {@link JetStreamOptions#timeout}.
     *
     * @param snapshot what {@link Stream#snapshot} returned
     * @param from what it wrote
     * @throws IOException if the channel throws it; the server then gives up by itself
     */
    public Stream restoreStream(StreamSnapshot snapshot, ReadableByteChannel from) throws IOException {
        return Snapshots.restore(api, snapshot, from);
    }

    /**
     * Has the leader of all JetStream servers of the cluster make way for another one. For users of the system account; others get
     * no answer, or a refusal.
     */
    public void stepDownMetaLeader() {
        api.ask("cannot step down the meta leader", META_STEPDOWN);
    }

    /** As {@link #stepDownMetaLeader()}, for a server of a placement; {@link Placement.Builder#preferred} names it. Servers from 2.11 on. */
    public void stepDownMetaLeader(Placement placement) {
        String what = "cannot step down the meta leader";
        api.require(what, "placement", Since.V2_11);
        api.ask(what, META_STEPDOWN, Map.of("placement", placement.tree()));
    }

    /** Publishes text as UTF-8; see {@link #publish(Message, PublishOptions)}. */
    public PublishAck publish(String subject, String text) {
        return publish(subject, text.getBytes(UTF_8));
    }

    /** Publishes bytes; see {@link #publish(Message, PublishOptions)}. */
    public PublishAck publish(String subject, byte[] data) {
        return publisher.publish(subject, null, data, PublishOptions.DEFAULTS);
    }

    /** Publishes a message; see {@link #publish(Message, PublishOptions)}. */
    public PublishAck publish(Message message) {
        return publish(message, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes a message to whatever stream takes its subject, and waits until that has stored it. The reply-to subject of the
     * message is not used.
     *
     * <p>What {@link Connection#publish(Message)} throws is thrown by this too; then nothing was stored, and so it is with
     * all others but the one that says so.
     *
     * @throws JetStreamApiException if the stream refuses it: {@link WrongLastSequenceException} if it has another last
     *     message than was expected
     * @throws NoStreamException if nobody was there to take it, {@link JetStreamOptions#publishRetries()} times again
     * @throws PublishOutcomeUnknownException if no ack came in time, or the server was lost before: <b>it may have been
     *     stored</b>
     * @throws ServerTooOldException if the server would not understand an option
     * @throws dev.midge.client.DisconnectedException if there is no server, and messages are refused meanwhile
     * @throws dev.midge.client.ServerErrorException if the server does not allow to publish to the subject
     * @throws JetStreamException if the answer is no ack
     * @throws IllegalStateException on an event loop
     * @throws dev.midge.client.NatsInterruptedException if the thread is interrupted: it may have been stored
     */
    public PublishAck publish(Message message, PublishOptions options) {
        return publisher.publish(
                message.subject(), message.hasHeaders() ? message.headers() : null, message.data(), options);
    }

    /** Publishes text as UTF-8, without waiting; see {@link #publishAsync(Message, PublishOptions)}. */
    public CompletableFuture<PublishAck> publishAsync(String subject, String text) {
        return publishAsync(subject, text.getBytes(UTF_8));
    }

    /** Publishes bytes, without waiting; see {@link #publishAsync(Message, PublishOptions)}. */
    public CompletableFuture<PublishAck> publishAsync(String subject, byte[] data) {
        return publisher.publishAsync(subject, null, data, PublishOptions.DEFAULTS);
    }

    /** Publishes a message, without waiting; see {@link #publishAsync(Message, PublishOptions)}. */
    public CompletableFuture<PublishAck> publishAsync(Message message) {
        return publishAsync(message, PublishOptions.DEFAULTS);
    }

    /**
     * As {@link #publish(Message, PublishOptions)}, without waiting for the ack: the future completes on the connection's
     * executor, and fails with what the other throws. Messages of one thread are stored in the order of its calls, but for
     * those that had to be published again. The array of the message must not be changed before the future has completed.
     *
     * <p>When {@link JetStreamOptions#publishWindow()} acks are outstanding, it waits for one of them, or fails, as {@link
     * JetStreamOptions#publishOverflow()} says. Each has {@linkplain PublishOptions#timeout() its own time}, from when it was
     * sent. Whoever cancels the future wants no ack any more, and gives its place in the window to another; the message may
     * be stored.
     *
     * <p>Only what is wrong with the message itself is thrown, and NatsInterruptedException if the thread is interrupted
     * while it waits; then nothing was sent.
     */
    public CompletableFuture<PublishAck> publishAsync(Message message, PublishOptions options) {
        return publisher.publishAsync(
                message.subject(), message.hasHeaders() ? message.headers() : null, message.data(), options);
    }

    /** How many acks of asynchronous publishes are outstanding at this moment. */
    public int pendingAcks() {
        return publisher.pending();
    }

    /** How many times a message was published again because nobody was there to take it. */
    public long publishRetries() {
        return publisher.retries();
    }

    /** The names of all streams. Asks when it is iterated, 1024 at a time. */
    public Listing<String> streamNames() {
        return names(Map.of());
    }

    /**
     * The names of the streams that store a subject, or some of what it matches if it has wildcards; as {@link #streamNames()}.
     *
     * @throws IllegalArgumentException if it is no subject
     */
    public Listing<String> streamNames(String subject) {
        Rules.filter("subject", subject);
        return names(Map.of("subject", subject));
    }

    private Listing<String> names(Map<String, String> body) {
        return Lists.of(api, "cannot list streams", "STREAM.NAMES", body, "streams", Kind.TEXT.list());
    }

    /** All streams. Asks when it is iterated, 256 at a time. */
    public Listing<StreamInfo> streams() {
        return infos(Map.of());
    }

    /**
     * The streams that store a subject, or some of what it matches if it has wildcards; as {@link #streams()}.
     *
     * @throws IllegalArgumentException if it is no subject
     */
    public Listing<StreamInfo> streams(String subject) {
        Rules.filter("subject", subject);
        return infos(Map.of("subject", subject));
    }

    private Listing<StreamInfo> infos(Map<String, String> body) {
        Kind<List<StreamInfo>> kind = Kind.object(StreamInfo.SCHEMA).list();
        return Lists.of(api, "cannot list streams", "STREAM.LIST", body, "streams", kind);
    }
}
