// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stream as it is: {@code struct StreamInfo} in nats-server's stream.go.
 */
public final class StreamInfo extends ApiObject {
    static final Schema<StreamInfo> SCHEMA = new Schema<>(StreamInfo.class, "stream info", StreamInfo::new);

    private static final Field<StreamConfig> CONFIG = SCHEMA.member("config", StreamConfig.SCHEMA);
    private static final Field<Instant> CREATED = SCHEMA.time("created");
    private static final Field<StreamState> STATE = SCHEMA.member("state", StreamState.SCHEMA);
    private static final Field<String> DOMAIN = SCHEMA.text("domain");
    private static final Field<ClusterInfo> CLUSTER = SCHEMA.object("cluster", ClusterInfo.SCHEMA);
    private static final Field<StreamSourceInfo> MIRROR = SCHEMA.object("mirror", StreamSourceInfo.SCHEMA);
    private static final Field<List<StreamSourceInfo>> SOURCES = SCHEMA.objects("sources", StreamSourceInfo.SCHEMA);
    private static final Field<List<StreamAlternate>> ALTERNATES = SCHEMA.objects("alternates", StreamAlternate.SCHEMA);
    private static final Field<Instant> TS = SCHEMA.time("ts");

    private StreamInfo(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** How it is configured. */
    public StreamConfig config() {
        return get(CONFIG);
    }

    /** When it was made. */
    public @Nullable Instant created() {
        return find(CREATED);
    }

    /** What it holds. */
    public StreamState state() {
        return get(STATE);
    }

    /** Its domain, or null. */
    public @Nullable String domain() {
        return find(DOMAIN);
    }

    /** On which servers it is, or null. */
    public @Nullable ClusterInfo cluster() {
        return find(CLUSTER);
    }

    /** How far it is as a mirror, or null. */
    public @Nullable StreamSourceInfo mirror() {
        return find(MIRROR);
    }

    /** How far its sources are. */
    public List<StreamSourceInfo> sources() {
        return get(SOURCES);
    }

    /** Its mirrors and itself, nearest first. */
    public List<StreamAlternate> alternates() {
        return get(ALTERNATES);
    }

    /** When this was true. */
    public @Nullable Instant ts() {
        return find(TS);
    }
}
