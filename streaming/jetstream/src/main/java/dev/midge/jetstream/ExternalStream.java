// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream of another account or domain is reached.
 */
public final class ExternalStream extends ApiObject {
    static final Schema<ExternalStream> SCHEMA = new Schema<>(ExternalStream.class, "external", ExternalStream::new);

    private static final Field<String> API = SCHEMA.text("api", "");
    private static final Field<String> DELIVER = SCHEMA.text("deliver", "");

    private ExternalStream(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /**
     * A stream of another account, as it is imported.
     *
     * @param api what the subjects of its API start with, as in {@code $JS.hub.API}
     * @param deliver what the subjects that it delivers to start with; empty for any
     * @throws IllegalArgumentException if one of them is no subject without wildcards
     */
    public static ExternalStream of(String api, String deliver) {
        Rules.literal(API, api);
        if (!deliver.isEmpty()) {
            Rules.literal(DELIVER, deliver);
        }
        return SCHEMA.of(Map.of(API.name(), api, DELIVER.name(), deliver));
    }

    /**
     * A stream of another domain.
     *
     * @throws IllegalArgumentException if the domain is not one token of a subject
     */
    public static ExternalStream ofDomain(String domain) {
        return of(JetStreamOptions.prefixOfDomain(domain), "");
    }

    /** What the subjects of its API start with, without the dot at the end. */
    public String api() {
        return get(API);
    }

    /** What the subjects that it delivers to start with; empty for any. */
    public String deliver() {
        return get(DELIVER);
    }
}
