// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stream that another one is a mirror of, or takes messages in from.
 */
public final class StreamSource extends ApiObject {
    static final Schema<StreamSource> SCHEMA = new Schema<>(StreamSource.class, "stream source", StreamSource::new);

    private static final Field<String> NAME = SCHEMA.text("name", "");
    private static final Field<Long> OPT_START_SEQ = SCHEMA.whole("opt_start_seq");
    private static final Field<Instant> OPT_START_TIME = SCHEMA.time("opt_start_time");
    private static final Field<String> FILTER_SUBJECT = SCHEMA.text("filter_subject");
    private static final Field<List<SubjectTransform>> SUBJECT_TRANSFORMS =
            SCHEMA.objects("subject_transforms", SubjectTransform.SCHEMA).since(Since.V2_10);
    private static final Field<ExternalStream> EXTERNAL = SCHEMA.object("external", ExternalStream.SCHEMA);
    private static final Field<SourceConsumer> CONSUMER =
            SCHEMA.object("consumer", SourceConsumer.SCHEMA).since(Since.V2_14);

    private StreamSource(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** A stream as it is: all of it. */
    public static StreamSource of(String name) {
        return builder(name).build();
    }

    /**
     * A builder for a source.
     *
     * @throws IllegalArgumentException if it is not the name of a stream
     */
    public static Builder builder(String name) {
        return new Builder(Map.of(NAME.name(), Rules.name(NAME, name)));
    }

    /** A builder that has all of this. */
    public Builder toBuilder() {
        return new Builder(held());
    }

    /** Collects a source. Methods throw IllegalArgumentException for a value that is wrong by itself. Not thread-safe. */
    public static final class Builder extends ApiBuilder<Builder> {
        private Builder(Map<String, ? extends @Nullable Object> held) {
            super(held);
        }

        @Override
        Builder self() {
            return this;
        }

        /** The sequence number to start with; 0 for the first there is. */
        public Builder optStartSeq(long sequence) {
            return setWhole(OPT_START_SEQ, sequence, 0);
        }

        /** From when on to take messages; null for all. */
        public Builder optStartTime(@Nullable Instant time) {
            return setTime(OPT_START_TIME, time);
        }

        /** Which subjects to take; null for all. */
        public Builder filterSubject(@Nullable String subject) {
            if (subject != null) {
                Rules.filter(FILTER_SUBJECT, subject);
            }
            return set(FILTER_SUBJECT, subject);
        }

        /** Which subjects to take, and what becomes of them, in place of what was set before. */
        public Builder subjectTransforms(SubjectTransform... transforms) {
            return setAll(SUBJECT_TRANSFORMS, List.of(transforms));
        }

        /** Where it is reached, if it is in another account or domain. */
        public Builder external(@Nullable ExternalStream external) {
            return set(EXTERNAL, external);
        }

        /** The consumer to read through; null for one of the server's own. */
        public Builder consumer(@Nullable SourceConsumer consumer) {
            return set(CONSUMER, consumer);
        }

        /**
         * The source.
         *
         * @throws IllegalArgumentException if there are both a filter and transforms, or a consumer and what it has already
         */
        public StreamSource build() {
            StreamSource source = SCHEMA.of(held());
            boolean filtered = source.filterSubject() != null;
            Rules.require(
                    !filtered || source.subjectTransforms().isEmpty(),
                    FILTER_SUBJECT,
                    source.filterSubject(),
                    "must not be with subject_transforms, which filter too");
            boolean starts = source.optStartSeq() != 0 || source.optStartTime() != null;
            SourceConsumer consumer = source.consumer();
            Rules.require(
                    consumer == null || (!starts && !filtered),
                    CONSUMER,
                    consumer == null ? null : consumer.name(),
                    "must not be with opt_start_seq, opt_start_time or filter_subject, which are the consumer's");
            return source;
        }
    }

    /** The name of the stream. */
    public String name() {
        return get(NAME);
    }

    /** The sequence number it starts with; 0 for the first there is. */
    public long optStartSeq() {
        return get(OPT_START_SEQ);
    }

    /** From when on messages are taken, or null. */
    public @Nullable Instant optStartTime() {
        return find(OPT_START_TIME);
    }

    /** Which subjects are taken, or null for all. */
    public @Nullable String filterSubject() {
        return find(FILTER_SUBJECT);
    }

    /** Which subjects are taken, and what becomes of them. Servers from 2.10 on. */
    public List<SubjectTransform> subjectTransforms() {
        return get(SUBJECT_TRANSFORMS);
    }

    /** Where it is reached, if it is in another account or domain; else null. */
    public @Nullable ExternalStream external() {
        return find(EXTERNAL);
    }

    /** The consumer to read through, or null for one of the server's own. Servers from 2.14 on. */
    public @Nullable SourceConsumer consumer() {
        return find(CONSUMER);
    }
}
