// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream or consumer is moving to; servers from 2.15 on.
 */
public final class DesiredCluster extends ApiObject {
    static final Schema<DesiredCluster> SCHEMA =
            new Schema<>(DesiredCluster.class, "desired cluster", DesiredCluster::new);

    private static final Field<Instant> CREATED = SCHEMA.time("created");
    private static final Field<String> NAME = SCHEMA.text("name");
    private static final Field<List<DesiredPeer>> REPLICAS = SCHEMA.objects("replicas", DesiredPeer.SCHEMA);
    private static final Field<DesiredOrigin> ORIGIN = SCHEMA.object("origin", DesiredOrigin.SCHEMA);
    private static final Field<DesiredStatus> STATUS = SCHEMA.object("status", DesiredStatus.SCHEMA);

    private DesiredCluster(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** When that was asked for. */
    public @Nullable Instant created() {
        return find(CREATED);
    }

    /** The name of the cluster, or null. */
    public @Nullable String name() {
        return find(NAME);
    }

    /** Its replicas. */
    public List<DesiredPeer> replicas() {
        return get(REPLICAS);
    }

    /** What there was before, or null. */
    public @Nullable DesiredOrigin origin() {
        return find(ORIGIN);
    }

    /** What it is waiting for, or null. */
    public @Nullable DesiredStatus status() {
        return find(STATUS);
    }
}
