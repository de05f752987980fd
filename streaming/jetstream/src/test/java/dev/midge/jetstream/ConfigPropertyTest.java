// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What is built has what was set, is the same after JSON, and again after it was built anew (R-E9). */
class ConfigPropertyTest {
    @Property(tries = 200)
    void streams(
            @ForAll @AlphaChars @NotEmpty String name,
            @ForAll String description,
            @ForAll @Size(max = 4) List<@AlphaChars @NotEmpty String> tokens,
            @ForAll RetentionPolicy retention,
            @ForAll @LongRange(min = -1) long limit,
            @ForAll @IntRange(max = 5) int replicas,
            @ForAll @LongRange(min = 100_000_000) long age,
            @ForAll boolean flag,
            @ForAll @Size(max = 3) Map<@AlphaChars @NotEmpty String, @AlphaChars String> metadata) {
        String known = new String(description.getBytes(UTF_8), UTF_8);
        List<String> subjects =
                tokens.stream().distinct().map(token -> token + ".*").toList();
        RetentionPolicy policy = retention == RetentionPolicy.UNKNOWN ? RetentionPolicy.LIMITS : retention;
        String shortName = name.substring(0, Math.min(255, name.length()));
        StreamConfig config = StreamConfig.builder(shortName)
                .description(known.substring(0, Math.min(1000, known.length())).replaceAll("[\\ud800-\\udfff]$", ""))
                .subjects(subjects)
                .retention(policy)
                .maxBytes(limit)
                .numReplicas(replicas)
                .maxAge(Duration.ofNanos(age))
                .denyDelete(flag)
                .metadata(metadata)
                .build();

        assertThat(config.name()).isEqualTo(shortName);
        assertThat(config.subjects()).isEqualTo(subjects);
        assertThat(config.retention()).isEqualTo(policy);
        assertThat(config.maxBytes()).isEqualTo(limit == 0 ? -1 : limit);
        assertThat(config.numReplicas()).isEqualTo(replicas == 0 ? 1 : replicas);
        assertThat(config.maxAge()).isEqualTo(Duration.ofNanos(age));
        assertThat(config.denyDelete()).isEqualTo(flag);
        assertThat(config.metadata()).isEqualTo(metadata);
        assertThat(StreamConfig.fromJson(config.toJson())).isEqualTo(config);
        assertThat(config.toBuilder().build()).isEqualTo(config);
    }

    @Property(tries = 200)
    void consumers(
            @ForAll @AlphaChars @NotEmpty @StringLength(max = 255) String name,
            @ForAll @LongRange(min = 1) long sequence,
            @ForAll @Size(max = 5) List<@LongRange(min = 0, max = Long.MAX_VALUE) Long> backoff,
            @ForAll @LongRange(min = -62_135_596_799L, max = 253_402_300_799L) long pause,
            @ForAll @IntRange(max = 999_999_999) int nanos,
            @ForAll boolean flag) {
        List<Duration> waits = backoff.stream().map(Duration::ofNanos).toList();
        Instant until = Instant.ofEpochSecond(pause, nanos);
        ConsumerConfig config = ConsumerConfig.builder()
                .durable(name)
                .deliverPolicy(DeliverPolicy.BY_START_SEQUENCE)
                .optStartSeq(sequence)
                .backoff(waits)
                .pauseUntil(until)
                .headersOnly(flag)
                .build();

        assertThat(config.durable()).isEqualTo(name);
        assertThat(config.optStartSeq()).isEqualTo(sequence);
        assertThat(config.backoff()).isEqualTo(waits);
        assertThat(config.pauseUntil()).isEqualTo(until);
        assertThat(ConsumerConfig.fromJson(config.toJson())).isEqualTo(config);
        assertThat(config.toBuilder().build()).isEqualTo(config);
    }
}
