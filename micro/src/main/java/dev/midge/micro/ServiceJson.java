// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.protocol.internal.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers to PING, INFO and STATS as they are on the wire (ADR-32). */
final class ServiceJson {
    static final String PING = "io.nats.micro.v1.ping_response";
    static final String INFO = "io.nats.micro.v1.info_response";
    static final String STATS = "io.nats.micro.v1.stats_response";

    private ServiceJson() {}

    static String toText(ServicePing ping) {
        return Json.toText(standard(PING, ping.name(), ping.id(), ping.version(), ping.metadata()));
    }

    static String toText(ServiceInfo info) {
        Map<String, @Nullable Object> all = standard(INFO, info.name(), info.id(), info.version(), info.metadata());
        all.put("description", info.description());
        all.put(
                "endpoints",
                info.endpoints().stream().map(ServiceJson::endpoint).toList());
        return Json.toText(all);
    }

    static String toText(ServiceStats stats) {
        Map<String, @Nullable Object> all =
                standard(STATS, stats.name(), stats.id(), stats.version(), stats.metadata());
        all.put("started", stats.started().toString());
        all.put(
                "endpoints",
                stats.endpoints().stream().map(ServiceJson::endpoint).toList());
        return Json.toText(all);
    }

    /**
     * Whether something can stand as the data of an endpoint, which is within an object of a list of the answer.
     *
     * @throws IllegalArgumentException if not
     */
    static void check(@Nullable Object data) {
        if (data != null) {
            Json.toText(Map.of("", List.of(Map.of("", data))));
        }
    }

    private static Map<String, @Nullable Object> standard(
            String type, String name, String id, String version, Map<String, String> metadata) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("type", type);
        all.put("name", name);
        all.put("id", id);
        all.put("version", version);
        all.put("metadata", metadata);
        return all;
    }

    private static Map<String, @Nullable Object> endpoint(EndpointInfo info) {
        Map<String, @Nullable Object> all = named(info.name(), info.subject(), info.queueGroup());
        all.put("metadata", info.metadata());
        return all;
    }

    private static Map<String, @Nullable Object> endpoint(EndpointStats stats) {
        Map<String, @Nullable Object> all = named(stats.name(), stats.subject(), stats.queueGroup());
        all.put("num_requests", stats.numRequests());
        all.put("num_errors", stats.numErrors());
        all.put("last_error", stats.lastError());
        all.put("processing_time", stats.processingTime().toNanos());
        all.put("average_processing_time", stats.averageProcessingTime().toNanos());
        if (stats.data() != null) {
            all.put("data", stats.data());
        }
        return all;
    }

    private static Map<String, @Nullable Object> named(String name, String subject, @Nullable String queueGroup) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", name);
        all.put("subject", subject);
        all.put("queue_group", queueGroup == null ? "" : queueGroup);
        return all;
    }

    static ServicePing ping(byte[] json) {
        Fields all = Fields.parse(json, PING);
        return new ServicePing(
                all.text("name"), all.text("id"), all.text("version"), all.texts("metadata"), all.remaining());
    }

    static ServiceInfo info(byte[] json) {
        Fields all = Fields.parse(json, INFO);
        return new ServiceInfo(
                all.text("name"),
                all.text("id"),
                all.text("version"),
                all.texts("metadata"),
                all.text("description", ""),
                all.list("endpoints", ServiceJson::endpointInfo),
                all.remaining());
    }

    static ServiceStats stats(byte[] json) {
        Fields all = Fields.parse(json, STATS);
        return new ServiceStats(
                all.text("name"),
                all.text("id"),
                all.text("version"),
                all.texts("metadata"),
                all.instant("started"),
                all.list("endpoints", ServiceJson::endpointStats),
                all.remaining());
    }

    private static EndpointInfo endpointInfo(Fields all) {
        return new EndpointInfo(
                all.text("name"), all.text("subject"), queueGroup(all), all.texts("metadata"), all.remaining());
    }

    private static EndpointStats endpointStats(Fields all) {
        return new EndpointStats(
                all.text("name"),
                all.text("subject"),
                queueGroup(all),
                all.count("num_requests"),
                all.count("num_errors"),
                all.text("last_error", ""),
                all.nanos("processing_time"),
                all.nanos("average_processing_time"),
                all.any("data"),
                all.remaining());
    }

    private static @Nullable String queueGroup(Fields all) {
        String name = all.text("queue_group", "");
        return name.isEmpty() ? null : name;
    }
}
