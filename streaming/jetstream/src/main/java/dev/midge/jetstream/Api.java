// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.NoRespondersException;
import dev.midge.protocol.internal.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks the API and reads its answers. What is asked for is named in every exception. Blocks. */
final class Api {
    static final int STREAM_NOT_FOUND = 10059;
    static final int CONSUMER_NOT_FOUND = 10014;
    static final int CONSUMER_EXISTS = 10148;
    static final int MESSAGE_NOT_FOUND = 10037;
    private static final int NOT_ENABLED = 10076;
    private static final int NOT_ENABLED_FOR_ACCOUNT = 10039;

    private static final byte[] EMPTY = {};

    private final Connection connection;
    private final JetStreamOptions options;

    /** The API level behind a domain or a prefix, once it is known; negative before. */
    private volatile int foreignLevel = -1;

    Api(Connection connection, JetStreamOptions options) {
        this.connection = connection;
        this.options = options;
    }

    Connection connection() {
        return connection;
    }

    JetStreamOptions options() {
        return options;
    }

    /** The whole subject of a part of the API. */
    String subject(String subject) {
        return options.prefix() + "." + subject;
    }

    /** Asks without a body. */
    Map<String, @Nullable Object> ask(String what, String subject) {
        return answer(what, subject, EMPTY);
    }

    /** Asks with a body, from which what says the same as none is left out. */
    Map<String, @Nullable Object> ask(String what, String subject, Map<String, ? extends @Nullable Object> body) {
        return answer(what, subject, Json.toBytes(body));
    }

    /** As {@link #ask(String, String)}, with an answer that is an object. */
    <A extends ApiObject> A ask(String what, String subject, Schema<A> schema) {
        return read(schema, ask(what, subject));
    }

    /** As {@link #ask(String, String, Map)}, with an answer that is an object. */
    <A extends ApiObject> A ask(
            String what, String subject, Map<String, ? extends @Nullable Object> body, Schema<A> schema) {
        return read(schema, ask(what, subject, body));
    }

    /** The object that an answer is about, without what else there is in an answer. */
    static <A extends ApiObject> A read(Schema<A> schema, Map<String, @Nullable Object> answer) {
        Map<String, @Nullable Object> own = new LinkedHashMap<>(answer);
        own.keySet().removeAll(List.of("type", "did_create", "total", "offset", "limit"));
        return schema.read(own);
    }

    private Map<String, @Nullable Object> answer(String what, String subject, byte[] body) {
        Message message;
        try {
            message = request(subject, body);
        } catch (NoRespondersException e) {
            throw new JetStreamNotEnabledException(what + ": nobody answers " + subject(subject) + ": " + nobody(), e);
        }
        return checked(what, message.data());
    }

    /** An answer, unless it is a refusal. */
    static Map<String, @Nullable Object> checked(String what, byte[] json) {
        Map<String, @Nullable Object> answer = Schema.tree(what + ": the answer", json);
        if (answer.get("error") instanceof Map<?, ?> error) {
            throw refused(what, ApiError.SCHEMA.read(error));
        }
        return answer;
    }

    Message request(String subject, byte[] body) {
        return connection.request(subject(subject), body, options.timeout());
    }

    private String nobody() {
        return options.isOwn()
                ? "JetStream is not enabled on " + connection.server()
                : "there is no JetStream behind that prefix, or this account may not use it";
    }

    static JetStreamException refused(String what, ApiError error) {
        if (WrongLastSequenceException.isIt(error)) {
            return new WrongLastSequenceException(what, error);
        }
        JetStreamApiException refused = new JetStreamApiException(what, error);
        return error.errCode() == NOT_ENABLED || error.errCode() == NOT_ENABLED_FOR_ACCOUNT
                ? new JetStreamNotEnabledException(String.valueOf(refused.getMessage()), refused)
                : refused;
    }

    static JetStreamException refused(String what, int code, int errCode, String description) {
        return refused(
                what,
                ApiError.SCHEMA.read(
                        Map.of("code", (long) code, "err_code", (long) errCode, "description", description)));
    }

    /** Whether the server that will answer has something; what is behind a domain or a prefix tells its API level. */
    boolean has(Since since) {
        return options.isOwn() ? since.isIn(connection.serverInfo()) : since.isIn(level());
    }

    /** Refuses what the server does not have. */
    void require(String what, String feature, Since since) {
        if (!has(since)) {
            throw new ServerTooOldException(what + ": " + feature + " needs a server of " + since + " or newer, "
                    + (options.isOwn()
                            ? connection.server() + " is of "
                                    + connection.serverInfo().version()
                            : "what answers " + options.prefix() + " has API level " + level()));
        }
    }

    /** Refuses an object with fields that the server does not have. */
    void require(String what, ApiObject object) {
        ApiObject.Need need = object.need();
        if (need != null) {
            require(what, need.field(), need.since());
        }
    }

    private int level() {
        int level = foreignLevel;
        if (level < 0) {
            level = ask("cannot get the API level", "INFO", AccountInfo.SCHEMA)
                    .api()
                    .level();
            foreignLevel = level;
        }
        return level;
    }
}
