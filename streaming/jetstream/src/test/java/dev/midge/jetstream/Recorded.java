// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.internal.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers of servers of several versions, alone and of the newest also in a cluster of three, one a line, as they came. */
final class Recorded {
    /** What answers have beside the object that they are about. */
    private static final Set<String> ENVELOPE = Set.of("type", "total", "offset", "limit", "did_create");

    private static final Map<String, Schema<?>> TYPES = Map.of(
            "account_info_response", AccountInfo.SCHEMA,
            "stream_create_response", StreamInfo.SCHEMA,
            "stream_info_response", StreamInfo.SCHEMA,
            "consumer_create_response", ConsumerInfo.SCHEMA,
            "consumer_info_response", ConsumerInfo.SCHEMA,
            "consumer_pause_response", ConsumerPause.SCHEMA,
            "consumer_reset_response", ConsumerInfo.SCHEMA);

    /** An object of an answer. */
    record One(String source, Schema<?> schema, Map<String, @Nullable Object> tree) {
        ApiObject parse() {
            return schema.parse(Json.toBytes(tree));
        }

        @Override
        public String toString() {
            return source;
        }
    }

    static final List<One> ALL = all();

    private Recorded() {}

    private static List<One> all() {
        List<One> all = new ArrayList<>();
        for (String version : List.of("2.9.10", "2.10.29", "2.12.4", "2.15.2", "2.15.2-cluster")) {
            int number = 0;
            for (String line : lines(version)) {
                number++;
                Map<String, @Nullable Object> tree = new LinkedHashMap<>(Json.parse(line.getBytes(UTF_8)));
                String type = String.valueOf(tree.get("type")).replace("io.nats.jetstream.api.v1.", "");
                tree.keySet().removeAll(ENVELOPE);
                Schema<?> schema = TYPES.get(type);
                if (tree.get("error") instanceof Map<?, ?> error) {
                    all.add(new One(version + " " + number + " error", ApiError.SCHEMA, copy(error)));
                } else if (schema != null) {
                    all.add(new One(version + " " + number + " " + type, schema, tree));
                }
            }
        }
        return List.copyOf(all);
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> copy.put(String.valueOf(name), value));
        return copy;
    }

    /** The answers of a server. */
    static List<String> lines(String version) {
        String name = "recorded-" + version + ".jsonl";
        try (InputStream in = Objects.requireNonNull(Recorded.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
