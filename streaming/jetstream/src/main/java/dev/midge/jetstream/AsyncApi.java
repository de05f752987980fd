// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Message;
import dev.midge.protocol.internal.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Asks the API without waiting. */
final class AsyncApi {
    private static final byte[] EMPTY = {};

    private AsyncApi() {}

    /**
     * Asks; the future fails with {@link JetStreamException} if the answer is a refusal or none of the API, and as
     * {@link dev.midge.client.Connection#requestAsync(String, byte[], java.time.Duration)} says.
     */
    static CompletableFuture<Map<String, @Nullable Object>> ask(
            Api api, String what, String subject, @Nullable Map<String, ? extends @Nullable Object> body) {
        return ask(api, what, subject, body, api.options().timeout());
    }

    /** As the other, with a time of its own. */
    static CompletableFuture<Map<String, @Nullable Object>> ask(
            Api api,
            String what,
            String subject,
            @Nullable Map<String, ? extends @Nullable Object> body,
            Duration timeout) {
        byte[] bytes = body == null ? EMPTY : Json.toBytes(body);
        CompletableFuture<Message> answer;
        try {
            answer = api.connection().requestAsync(api.subject(subject), bytes, timeout);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return answer.thenApply(message -> read(what, message));
    }

    private static Map<String, @Nullable Object> read(String what, Message message) {
        Map<String, @Nullable Object> answer = Schema.tree("cannot " + what + ": the answer", message.data());
        if (answer.get("error") instanceof Map<?, ?> error) {
            throw Api.refused("cannot " + what, ApiError.SCHEMA.read(error));
        }
        return answer;
    }

    /** What a future failed with, without the wrapping; null if it did not. */
    static @Nullable Throwable cause(@Nullable Throwable problem) {
        return problem instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : problem;
    }
}
