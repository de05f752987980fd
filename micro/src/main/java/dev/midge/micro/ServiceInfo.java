// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What INFO tells of an instance of a service.
 *
 * @param name the name, which all instances have
 * @param id the id, which no other instance has
 * @param version the version
 * @param metadata what it was given
 * @param description for people, may be empty
 * @param endpoints in the order in which they were added
 * @param unknown every other field of an answer, as in {@link EndpointInfo}
 */
public record ServiceInfo(
        String name,
        String id,
        String version,
        Map<String, String> metadata,
        String description,
        List<EndpointInfo> endpoints,
        Map<String, @Nullable Object> unknown) {
    /** Copies the maps and the list. */
    public ServiceInfo {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        endpoints = List.copyOf(endpoints);
        unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
    }
}
