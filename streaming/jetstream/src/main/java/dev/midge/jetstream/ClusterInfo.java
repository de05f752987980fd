// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On which servers a stream or consumer is: {@code struct ClusterInfo} in nats-server's stream.go.
 */
public final class ClusterInfo extends ApiObject {
    static final Schema<ClusterInfo> SCHEMA = new Schema<>(ClusterInfo.class, "cluster", ClusterInfo::new);

    private static final Field<String> NAME = SCHEMA.text("name");
    private static final Field<String> RAFT_GROUP = SCHEMA.text("raft_group");
    private static final Field<String> LEADER = SCHEMA.text("leader");
    private static final Field<Instant> LEADER_SINCE = SCHEMA.time("leader_since");
    private static final Field<Boolean> SYSTEM_ACCOUNT = SCHEMA.flag("system_account");
    private static final Field<String> TRAFFIC_ACCOUNT = SCHEMA.text("traffic_account");
    private static final Field<List<PeerInfo>> REPLICAS = SCHEMA.objects("replicas", PeerInfo.SCHEMA);
    private static final Field<DesiredCluster> DESIRED = SCHEMA.object("desired", DesiredCluster.SCHEMA);

    private ClusterInfo(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** The name of the cluster, or null. */
    public @Nullable String name() {
        return find(NAME);
    }

    /** The name of the group, or null. */
    public @Nullable String raftGroup() {
        return find(RAFT_GROUP);
    }

    /** The name of the server that leads, or null if none does. */
    public @Nullable String leader() {
        return find(LEADER);
    }

    /** Since when it leads, or null. */
    public @Nullable Instant leaderSince() {
        return find(LEADER_SINCE);
    }

    /** Whether its traffic goes through the system account. */
    public boolean systemAccount() {
        return get(SYSTEM_ACCOUNT);
    }

    /** The account that its traffic goes through, or null. */
    public @Nullable String trafficAccount() {
        return find(TRAFFIC_ACCOUNT);
    }

    /** The others. */
    public List<PeerInfo> replicas() {
        return get(REPLICAS);
    }

    /** Where it is moving to, or null. */
    public @Nullable DesiredCluster desired() {
        return find(DESIRED);
    }
}
