// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * JetStream on a connection: makes, changes and lists streams. Has no state and no thread of its own, nothing to close;
 * thread-safe.
 *
 * <pre>{@code
 * JetStream js = JetStream.of(nc);
 * js.createStream(StreamConfig.builder("ORDERS").subjects("orders.>").build());
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
    private final Api api;

    private JetStream(Api api) {
        this.api = api;
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
