// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What PING tells of an instance of a service.
 *
 * @param name the name, which all instances have
 * @param id the id, which no other instance has
 * @param version the version
 * @param metadata what it was given
 * @param unknown every other field of an answer, as in {@link EndpointInfo}
 */
public record ServicePing(
        String name, String id, String version, Map<String, String> metadata, Map<String, @Nullable Object> unknown) {
    /** Copies the maps. */
    public ServicePing {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
    }
}
