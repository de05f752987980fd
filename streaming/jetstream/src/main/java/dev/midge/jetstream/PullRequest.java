// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.internal.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every pull of a consumption asks for, beside the numbers: JSApiConsumerGetNextRequest in nats-server's
 * jetstream_api.go.
 */
record PullRequest(
        Duration expires,
        boolean noWait,
        @Nullable Duration heartbeat,
        @Nullable String group,
        long minPending,
        long minAckPending,
        int priority) {
    /** A pull on the wire; what is not set is left out, as servers refuse what they do not know. */
    byte[] body(int batch, long maxBytes, long expiresNanos, @Nullable String pin) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("batch", (long) batch);
        if (maxBytes > 0) {
            body.put("max_bytes", maxBytes);
        }
        if (noWait) {
            body.put("no_wait", true);
        } else {
            body.put("expires", expiresNanos);
        }
        // not for the rest of a fetch that is too short for it
        if (heartbeat != null && heartbeat.toNanos() <= expiresNanos / 2) {
            body.put("idle_heartbeat", heartbeat.toNanos());
        }
        if (group != null) {
            body.put("group", group);
        }
        if (pin != null) {
            body.put("id", pin);
        }
        if (minPending > 0) {
            body.put("min_pending", minPending);
        }
        if (minAckPending > 0) {
            body.put("min_ack_pending", minAckPending);
        }
        if (priority > 0) {
            body.put("priority", (long) priority);
        }
        return Json.toBytes(body);
    }
}
