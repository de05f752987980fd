// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What STATS tells of an endpoint, since the service was started or {@linkplain Service#reset reset}.
 *
 * @param name its name
 * @param subject what requests are sent to
 * @param queueGroup the queue group, null if none
 * @param numRequests how many requests were handled: counted when they have been
 * @param numErrors of how many of them the handler answered with an error or threw, or the answer could not be sent; and
 *     how often the endpoint became too slow for its pending limits, or was refused by the server
 * @param lastError what the last of these was, empty if there was none
 * @param processingTime how long the handlers took for them, until their stages completed if they are asynchronous
 * @param averageProcessingTime that for one of them; zero if there was none
 * @param data what {@link Service.Builder#statsData} gave; null if nothing
 * @param unknown every other field of an answer, as in {@link EndpointInfo}
 */
public record EndpointStats(
        String name,
        String subject,
        @Nullable String queueGroup,
        long numRequests,
        long numErrors,
        String lastError,
        Duration processingTime,
        Duration averageProcessingTime,
        @Nullable Object data,
        Map<String, @Nullable Object> unknown) {
    /** Copies the map. */
    public EndpointStats {
        unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
    }
}
