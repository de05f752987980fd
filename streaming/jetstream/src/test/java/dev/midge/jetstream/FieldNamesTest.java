// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No field is missing, and none is misspelt: the names are those of the structs of nats-server 2.15.2, by their JSON tags. */
class FieldNamesTest {
    private record Names(Schema<?> schema, String names) {
        @Override
        public String toString() {
            return schema.type().getSimpleName();
        }
    }

    static Stream<Names> structs() {
        return Stream.of(
                new Names(
                        StreamConfig.SCHEMA,
                        "name description subjects retention max_consumers max_msgs max_bytes max_age "
                                + "max_msgs_per_subject max_msg_size discard storage num_replicas no_ack "
                                + "duplicate_window placement mirror sources compression first_seq "
                                + "subject_transform republish allow_direct mirror_direct discard_new_per_subject "
                                + "sealed deny_delete deny_purge allow_rollup_hdrs consumer_limits allow_msg_ttl "
                                + "subject_delete_marker_ttl allow_msg_counter allow_atomic allow_msg_schedules "
                                + "persist_mode allow_batched metadata"),
                new Names(ConsumerLimits.SCHEMA, "inactive_threshold max_ack_pending"),
                new Names(SubjectTransform.SCHEMA, "src dest"),
                new Names(Republish.SCHEMA, "src dest headers_only"),
                new Names(Placement.SCHEMA, "cluster tags preferred"),
                new Names(
                        StreamSource.SCHEMA,
                        "name opt_start_seq opt_start_time filter_subject subject_transforms external " + "consumer"),
                new Names(SourceConsumer.SCHEMA, "name deliver_subject"),
                new Names(ExternalStream.SCHEMA, "api deliver"),
                new Names(StreamInfo.SCHEMA, "config created state domain cluster mirror sources alternates ts"),
                new Names(
                        StreamState.SCHEMA,
                        "messages bytes first_seq first_ts last_seq last_ts num_subjects subjects "
                                + "num_deleted deleted lost consumer_count"),
                new Names(LostData.SCHEMA, "msgs bytes"),
                new Names(
                        ClusterInfo.SCHEMA,
                        "name raft_group leader leader_since system_account traffic_account replicas " + "desired"),
                new Names(PeerInfo.SCHEMA, "name current offline active lag peer pending"),
                new Names(DesiredCluster.SCHEMA, "created name replicas origin status"),
                new Names(DesiredPeer.SCHEMA, "name offline peer"),
                new Names(DesiredOrigin.SCHEMA, "replicas placement retention"),
                new Names(DesiredStatus.SCHEMA, "description type err"),
                new Names(
                        StreamSourceInfo.SCHEMA,
                        "name external lag seq active error filter_subject subject_transforms"),
                new Names(StreamAlternate.SCHEMA, "name domain cluster"),
                new Names(
                        ConsumerConfig.SCHEMA,
                        "durable_name name description deliver_policy opt_start_seq opt_start_time "
                                + "ack_policy ack_wait max_deliver backoff filter_subject filter_subjects "
                                + "replay_policy rate_limit_bps sample_freq max_waiting max_ack_pending "
                                + "flow_control headers_only max_batch max_expires max_bytes deliver_subject "
                                + "deliver_group idle_heartbeat inactive_threshold num_replicas mem_storage direct "
                                + "sourcing metadata pause_until priority_groups priority_policy priority_timeout"),
                new Names(
                        ConsumerInfo.SCHEMA,
                        "stream_name name created config delivered ack_floor num_ack_pending "
                                + "num_redelivered num_waiting num_pending cluster push_bound paused "
                                + "pause_remaining ts priority_groups reset_seq"),
                new Names(SequenceInfo.SCHEMA, "consumer_seq stream_seq last_active"),
                new Names(PriorityGroupState.SCHEMA, "group pinned_client_id pinned_ts"),
                new Names(ConsumerPause.SCHEMA, "paused pause_until pause_remaining"),
                new Names(
                        AccountLimits.SCHEMA,
                        "max_memory max_storage max_streams max_consumers max_ack_pending "
                                + "memory_max_stream_bytes storage_max_stream_bytes max_bytes_required"),
                new Names(
                        AccountTier.SCHEMA, "memory storage reserved_memory reserved_storage streams consumers limits"),
                new Names(ApiStats.SCHEMA, "level total errors inflight"),
                new Names(ApiError.SCHEMA, "code err_code description"),
                new Names(
                        AccountInfo.SCHEMA,
                        "memory storage reserved_memory reserved_storage streams consumers limits domain "
                                + "api tiers"));
    }

    @ParameterizedTest
    @MethodSource("structs")
    void everyFieldOfTheServerHasOneOfOurs(Names struct) {
        assertThat(struct.schema().names())
                .isEqualTo(Set.copyOf(List.of(struct.names().split(" "))));
    }
}
