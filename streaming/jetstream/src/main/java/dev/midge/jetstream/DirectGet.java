// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.NoRespondersException;
import dev.midge.client.Subscription;
import dev.midge.protocol.Headers;
import dev.midge.protocol.Nuid;
import dev.midge.protocol.Status;
import dev.midge.protocol.Subjects;
import dev.midge.protocol.internal.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages from any replica, ADR-31: the answers are the messages themselves, or have a status. Blocks. */
final class DirectGet {
    private static final int NOT_FOUND = 404;
    private static final int END_OF_BATCH = 204;
    private static final byte[] EMPTY = {};

    private DirectGet() {}

    static StoredMessage one(Api api, Stream stream, MessageQuery query) {
        String what = "cannot get " + query + " of stream " + stream.name();
        if (query.timed()) {
            api.require(what, "start_time", Since.V2_11);
        }
        StreamInfo known = stream.lastInfo();
        if (!(known == null ? stream.info() : known).config().allowDirect()) {
            return stream.message(query);
        }
        String subject = "DIRECT.GET." + stream.name();
        String lastOf = query.lastOf();
        Message answer;
        try {
            answer = lastOf != null && !Subjects.isWildcard(lastOf)
                    ? api.request(subject + "." + lastOf, EMPTY)
                    : api.request(subject, Json.toBytes(query.body()));
        } catch (NoRespondersException e) {
            return stream.message(query); // allow_direct is off by now, or the stream is gone: the leader tells
        } catch (NatsTimeoutException e) {
            if (stream.info().config().allowDirect()) {
                throw e;
            }
            return stream.message(query); // servers before 2.11 keep silent then
        }
        Status status = answer.headers().status();
        if (status != null) {
            throw refused(what, status);
        }
        return StoredMessage.of(what, answer);
    }

    private static JetStreamException refused(String what, Status status) {
        int errCode = status.code() == NOT_FOUND ? Api.MESSAGE_NOT_FOUND : 0;
        return Api.refused(what, status.code(), errCode, status.description());
    }

    static Listing<StoredMessage> many(Api api, String stream, BatchQuery query) {
        String what = "cannot get " + query + " of stream " + stream;
        return new Listing<>(previous -> {
            api.require(what, "direct get of batches", Since.V2_11);
            return batch(api, what, stream, query, previous);
        });
    }

    private static Listing.Page<StoredMessage> batch(
            Api api, String what, String stream, BatchQuery query, Listing.@Nullable Page<StoredMessage> previous) {
        Map<String, Object> body = new LinkedHashMap<>(query.body());
        if (previous != null) {
            body.remove("start_time");
            body.put("seq", previous.next());
            if (query.isLastOf()) {
                body.remove("up_to_time");
                body.put("up_to_seq", previous.limit());
            }
        }
        Connection connection = api.connection();
        String inbox = connection.options().inboxPrefix() + "." + Nuid.next();
        try (Subscription subscription = connection.subscribe(inbox)) {
            connection.publish(Message.to(api.subject("DIRECT.GET." + stream))
                    .replyTo(inbox)
                    .data(Json.toBytes(body))
                    .build());
            return read(what, subscription, api.options().timeout());
        }
    }

    /** The messages up to the one without payload that ends a batch. The time is for each of them: a batch may be long. */
    private static Listing.Page<StoredMessage> read(String what, Subscription subscription, Duration timeout) {
        List<StoredMessage> messages = new ArrayList<>();
        while (true) {
            Message message = subscription.next(timeout);
            Headers headers = message.headers();
            Status status = headers.status();
            if (status == null) {
                messages.add(StoredMessage.of(what, message));
            } else if (status.code() == END_OF_BATCH) {
                boolean last = messages.isEmpty() || number(headers, "Nats-Num-Pending") == 0;
                long next = number(headers, "Nats-Last-Sequence") + 1;
                return page(messages, last ? -1 : next, number(headers, "Nats-UpTo-Sequence"));
            } else if (status.code() == NOT_FOUND) {
                return page(messages, -1, 0);
            } else if (status.code() == Status.NO_RESPONDERS) {
                throw new JetStreamException(
                        what + ": nobody answers: there is no such stream, or its allow_direct is off");
            } else {
                throw refused(what, status);
            }
        }
    }

    private static Listing.Page<StoredMessage> page(List<StoredMessage> messages, long next, long limit) {
        return new Listing.Page<>(messages, next, limit, Map.of(), List.of());
    }

    private static long number(Headers headers, String name) {
        String value = headers.get(name);
        try {
            return value == null ? 0 : Long.parseLong(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
