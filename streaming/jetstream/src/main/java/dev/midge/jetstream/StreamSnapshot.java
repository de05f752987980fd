// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot of a stream needs besides its data to be {@linkplain JetStream#restoreStream restored}: {@code
 * JSApiStreamSnapshotResponse} in nats-server's jetstream_api.go.
 */
public final class StreamSnapshot extends ApiObject {
    static final Schema<StreamSnapshot> SCHEMA =
            new Schema<>(StreamSnapshot.class, "stream snapshot", StreamSnapshot::new);

    private static final Field<StreamConfig> CONFIG = SCHEMA.object("config", StreamConfig.SCHEMA);
    private static final Field<StreamState> STATE = SCHEMA.member("state", StreamState.SCHEMA);

    private StreamSnapshot(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /**
     * Reads what {@link #toJson()} wrote.
     *
     * @throws JetStreamException if it is something else
     */
    public static StreamSnapshot fromJson(String json) {
        return SCHEMA.parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** How the stream was configured. */
    public StreamConfig config() {
        return get(CONFIG);
    }

    /** What it held. */
    public StreamState state() {
        return get(STATE);
    }

    /** The same data for a stream that is configured in another way; its name may not be another one. */
    public StreamSnapshot withConfig(StreamConfig config) {
        return SCHEMA.of(Map.of(CONFIG.name(), config, STATE.name(), state()));
    }
}
