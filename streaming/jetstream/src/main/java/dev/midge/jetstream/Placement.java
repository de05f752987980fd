// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On which servers a stream should be, or which server should lead.
 */
public final class Placement extends ApiObject {
    static final Schema<Placement> SCHEMA = new Schema<>(Placement.class, "placement", Placement::new);

    private static final Field<String> CLUSTER = SCHEMA.text("cluster");
    private static final Field<List<String>> TAGS = SCHEMA.texts("tags");
    private static final Field<String> PREFERRED = SCHEMA.text("preferred");

    private Placement(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder(Map.of());
    }

    /** In a cluster. */
    public static Placement inCluster(String name) {
        return builder().cluster(name).build();
    }

    /** Collects a placement. Not thread-safe. */
    public static final class Builder extends ApiBuilder<Builder> {
        private Builder(Map<String, ? extends @Nullable Object> held) {
            super(held);
        }

        @Override
        Builder self() {
            return this;
        }

        /** The name of the cluster. */
        public Builder cluster(@Nullable String name) {
            return set(CLUSTER, name);
        }

        /** The tags that each server must have, in place of those set before. */
        public Builder tags(String... tags) {
            return setAll(TAGS, List.of(tags));
        }

        /** The name of the server that should lead; for a step-down only. */
        public Builder preferred(@Nullable String server) {
            return set(PREFERRED, server);
        }

        /** The placement. */
        public Placement build() {
            return SCHEMA.of(held());
        }
    }

    /** The name of the cluster, or null for any. */
    public @Nullable String cluster() {
        return find(CLUSTER);
    }

    /** The tags that each server must have. */
    public List<String> tags() {
        return get(TAGS);
    }

    /** The name of the server that should lead, or null; for a step-down only. */
    public @Nullable String preferred() {
        return find(PREFERRED);
    }
}
