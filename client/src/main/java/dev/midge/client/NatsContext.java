// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import org.jspecify.annotations.Nullable;

/**
 * A context of the {@code nats} CLI that options were made from: what it says beyond them. Fields it does not have are
 * null. It has no secrets. Source: ADR-21.
 *
 * @param name as it is called: the file without {@code .json}
 * @param description for people
 * @param inboxPrefix the beginning of reply subjects
 * @param jetStreamDomain the JetStream domain
 * @param jetStreamApiPrefix the prefix of JetStream's API subjects
 * @param jetStreamEventPrefix the prefix of JetStream's event subjects
 * @param colorScheme for tools that print
 */
public record NatsContext(
        String name,
        @Nullable String description,
        @Nullable String inboxPrefix,
        @Nullable String jetStreamDomain,
        @Nullable String jetStreamApiPrefix,
        @Nullable String jetStreamEventPrefix,
        @Nullable String colorScheme) {}
