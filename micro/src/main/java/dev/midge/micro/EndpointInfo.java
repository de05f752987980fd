// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What INFO tells of an endpoint.
 *
 * @param name its name, which need not be unique
 * @param subject what requests are sent to, the prefix of its group included
 * @param queueGroup the queue group, null if none
 * @param metadata what it was given
 * @param unknown every other field of an answer, in the order sent; values are String, Boolean, Long, BigDecimal where a
 *     Long cannot hold the number, lists and maps of these, and null
 */
public record EndpointInfo(
        String name,
        String subject,
        @Nullable String queueGroup,
        Map<String, String> metadata,
        Map<String, @Nullable Object> unknown) {
    /** Copies the maps. */
    public EndpointInfo {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
    }
}
